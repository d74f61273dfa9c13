import { type Ref, onScopeDispose, ref } from 'vue'

/** Whether the screen is as the query says, followed while the component lives. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query)
  const matches = ref(list.matches)
  const follow = (): void => void (matches.value = list.matches)
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return matches
}
