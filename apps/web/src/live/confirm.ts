import { NetworkError, ParleyError, type StreamState } from '@parley/sdk'
import { useSession } from '../auth/session.ts'
import { waitMs } from './ports.ts'

/** Resolves after the time, or sooner when the person comes or the network is back. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const over = new AbortController()
    const done = () => {
      over.abort()
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done, { signal: over.signal })
    addEventListener('focus', done, { signal: over.signal })
  })

const passes = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ParleyError && error.status >= 500)

/**
 * Asks the server whether the session still is; one that is over never goes on from here. Where the
 * page shows something already it asks again and again, else it throws what went wrong.
 */
export async function confirmSession(
  show: (state: StreamState) => void,
  patient: boolean,
): Promise<void> {
  const session = useSession()
  for (let attempt = 0; ; attempt++) {
    try {
      await session.confirm()
      return
    } catch (error) {
      if (error instanceof ParleyError && error.status === 401) {
        session.ended()
        await new Promise<void>((resolve) => void session.onRenewed(resolve))
        return
      }
      if (!patient || !passes(error)) throw error
      const ms = waitMs(attempt)
      show({ state: 'offline', reason: 'network', retryInMs: Math.round(ms) })
      await pause(ms)
    }
  }
}
