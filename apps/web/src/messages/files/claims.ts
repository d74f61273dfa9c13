/** So long the page before this one, in the same tab, may take to let go, in milliseconds. */
const patienceMs = 1_000

/**
 * Which files this tab is the one to upload: each is one tab's, until that lets go or goes away. Pages
 * without TLS have no locks: there each tab uploads what it finds.
 */
export function createClaims() {
  const locks = 'locks' in navigator ? navigator.locks : undefined
  const held = new Map<string, () => void>()

  /** Whether it is had, until then, before the signal ends the wait. */
  const ask = (key: string, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      if (!locks) return resolve(true)
      const hold = (): Promise<void> => {
        resolve(true)
        return new Promise((done) => held.set(key, done))
      }
      locks.request(`parley.upload.${key}`, { signal }, hold).catch(() => resolve(!signal.aborted))
    })

  return {
    /** False where it is another tab's. */
    take: (key: string): Promise<boolean> => ask(key, AbortSignal.timeout(patienceMs)),
    /** Waits until the other tab lets go or is gone; false where `letGo` comes first, or nobody can tell. */
    async inherit(key: string): Promise<boolean> {
      if (!locks) return false
      const stop = new AbortController()
      held.set(key, () => stop.abort())
      return ask(key, stop.signal)
    },
    letGo(key: string): void {
      held.get(key)?.()
      held.delete(key)
    },
  }
}
