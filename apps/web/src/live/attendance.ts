import type { Following } from './follow.ts'

/** Tells what follows when the person comes and goes, and when the browser stops the page's clock. */
export function attend(following: Following, leave: () => void): () => void {
  const over = new AbortController()
  const { signal } = over
  const come = () => {
    if (document.visibilityState === 'visible') following.wake()
    else leave()
  }
  document.addEventListener('visibilitychange', come, { signal })
  addEventListener('focus', () => following.wake(), { signal })
  addEventListener('online', () => following.wake(), { signal })
  addEventListener('pagehide', leave, { signal })
  document.addEventListener('freeze', () => following.freeze(), { signal })
  document.addEventListener('resume', () => following.thaw(), { signal })
  return () => over.abort()
}
