import { once } from 'node:events'
import type { Media } from '@parley/media'
import type { Server } from '../../server.ts'
import { lookOnce } from './look.ts'
import * as queries from './queries.ts'

/** Files that other servers left, as when they were killed, are found so often, in milliseconds. */
const everyMs = 15_000

/** Nobody waits longer than that for what a look finds out, in milliseconds. */
const patienceMs = 2_000

export interface Looking {
  /** A file has come. */
  wake(): void
  /** Resolves once these files were looked into, or have not been for too long. */
  seen(ids: readonly number[]): Promise<void>
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
  /** Those who wait for a file, by its id. */
  const waiting = new Map<number, () => void>()

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
        while (!over.signal.aborted) {
          const id = await lookOnce(keeper, media)
          if (id === undefined) break
          waiting.get(id)?.()
        }
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
    async seen(ids) {
      if (over.signal.aborted) return
      const looks = ids.map((id) => new Promise<void>((done) => waiting.set(id, done)))
      const patience = AbortSignal.any([over.signal, AbortSignal.timeout(patienceMs)])
      const late = once(patience, 'abort').then(() => undefined)
      try {
        // Those of which nothing can be found out, and those that were faster than this.
        const left = new Set(await queries.unseen(keeper.pool, ids))
        const all = looks.filter((_, index) => left.has(ids[index] ?? 0))
        await Promise.race([Promise.all(all), late])
      } finally {
        for (const id of ids) waiting.delete(id)
      }
    },
    async stop() {
      over.abort()
      wake()
      await media.close()
      await running
    },
  }
}
