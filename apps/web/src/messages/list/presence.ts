import { onScopeDispose, shallowRef } from 'vue'

const isPresent = (): boolean => document.visibilityState === 'visible' && document.hasFocus()

/** Whether somebody looks at the page: it is visible and its window has the focus. */
export function usePresent() {
  const present = shallowRef(isPresent())
  const look = () => (present.value = isPresent())
  const ends = new AbortController()
  for (const type of ['focus', 'blur']) addEventListener(type, look, { signal: ends.signal })
  document.addEventListener('visibilitychange', look, { signal: ends.signal })
  onScopeDispose(() => ends.abort())
  return present
}
