/** When to look whether something can be sent, and when to keep what is written. */
export function useWakes(on: { wake(): void; leave(): void; isLossy(): boolean }): void {
  addEventListener('online', on.wake)
  addEventListener('focus', on.wake)
  addEventListener('pagehide', on.leave)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') on.leave()
    else on.wake()
  })
  addEventListener('beforeunload', (event) => {
    if (on.isLossy()) event.preventDefault()
  })
}
