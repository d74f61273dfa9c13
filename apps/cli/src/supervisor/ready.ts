import { setTimeout as delay } from 'node:timers/promises'

const everyMs = 25

/** Asks until the answer is 200: true. False when it was told to give up. */
export async function answersReady(url: string, abort: AbortSignal): Promise<boolean> {
  while (!abort.aborted) {
    try {
      const reply = await fetch(url, {
        signal: AbortSignal.any([abort, AbortSignal.timeout(2_000)]),
      })
      await reply.body?.cancel()
      if (reply.ok) return true
    } catch {
      // Not listening yet.
    }
    await delay(everyMs)
  }
  return false
}
