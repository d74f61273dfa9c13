const inputs = ['pointerup', 'click', 'keydown'] as const

/**
 * Whether this window is the one that sounds, of all that the account has open: one in which the person
 * has done something, as a browser lets no other sound. When it is gone, another takes over.
 */
export function openSpeaker(userId: number): { isHere(): boolean; close(): void } {
  const over = new AbortController()
  const { signal } = over
  let waits = false
  let letGo: (() => void) | undefined

  async function claim(): Promise<void> {
    if (waits || signal.aborted) return
    waits = true
    const hold = () => new Promise<void>((resolve) => (letGo = resolve))
    await navigator.locks.request(`parley.sound.${userId}`, { signal }, hold).catch(() => undefined)
    letGo = undefined
    waits = false
  }
  function claimOnce(): void {
    for (const input of inputs) removeEventListener(input, claimOnce)
    void claim()
    // A window that stands still is passed over.
    document.addEventListener('freeze', () => letGo?.(), { signal })
    document.addEventListener('resume', () => void claim(), { signal })
  }
  if (navigator.userActivation.hasBeenActive) claimOnce()
  else for (const input of inputs) addEventListener(input, claimOnce, { signal, passive: true })

  return {
    isHere: () => letGo !== undefined,
    close() {
      over.abort()
      letGo?.()
    },
  }
}
