/** Does it when the page has nothing else to do. */
export function atIdle(work: () => Promise<unknown>): void {
  const run = (): void => void work().catch(() => undefined)
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 5_000 })
  else setTimeout(run, 2_000)
}
