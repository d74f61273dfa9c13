import { type Ref, onUnmounted, ref } from 'vue'

/** The secret of a mailed link, or nothing; it goes out of the address at once. */
export function useSecret(): Ref<string> {
  const secret = ref('')
  function take(): void {
    if (location.hash.length <= 1) return
    secret.value = location.hash.slice(1)
    history.replaceState(null, '', location.pathname)
  }
  take()
  // The link may be opened over the page.
  addEventListener('hashchange', take)
  onUnmounted(() => removeEventListener('hashchange', take))
  return secret
}
