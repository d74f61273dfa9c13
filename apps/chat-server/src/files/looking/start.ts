import type { Media } from '@parley/media'
import type { Server } from '../../server.ts'
import { lookOnce } from './look.ts'

/** Files that other servers left, as when they were killed, are found so often, in milliseconds. */
const everyMs = 15_000

export interface Looking {
  /** A file has come. */
  wake(): void
  stop(): Promise<void>
}

/** Looks into files as they come, one at a time; it ends with `media`. */
export function startLooking(
  keeper: Pick<Server, 'pool' | 'storage' | 'log'>,
  media: Media,
): Looking {
  const over = new AbortController()
  let wake: () => void = () => undefined
  let woken = false

  async function rest(): Promise<void> {
    if (woken || over.signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, everyMs)
    wake = resolve
    await promise
    clearTimeout(timer)
  }
  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      woken = false
      try {
        while (!over.signal.aborted && (await lookOnce(keeper, media))) continue
      } catch (error) {
        if (!over.signal.aborted)
          keeper.log.warn({ err: error }, 'files cannot be looked into, which is tried again')
      }
      await rest()
    }
  }
  const running = run()

  return {
    wake() {
      woken = true
      wake()
    },
    async stop() {
      over.abort()
      wake()
      await media.close()
      await running
    },
  }
}
