import { setTimeout as delay } from 'node:timers/promises'
import type { Part } from './part.ts'

export interface Pace {
  /** Wait before the first new start; it doubles with every crash. */
  firstMs: number
  mostMs: number
  /** A part that ran this long has recovered: the next crash counts as the first. */
  healthyMs: number
}

const standardPace: Pace = { firstMs: 200, mostMs: 10_000, healthyMs: 30_000 }

export interface Keeper {
  /** Resolves when the part is ready for the first time; rejects when its first start failed. */
  ready: Promise<void>
  stop(): Promise<void>
}

/** Starts a part and starts it again whenever it ends, until `stop`. */
export function keep(part: Part, report: (sentence: string) => void, pace = standardPace): Keeper {
  const first = Promise.withResolvers<void>()
  const abort = new AbortController()
  const { signal } = abort
  const aborted = new Promise<string>((resolve) =>
    signal.addEventListener('abort', () => resolve('')),
  )

  async function run(): Promise<void> {
    for (let crashes = 0; !signal.aborted; crashes++) {
      const { how, livedMs } = await once(crashes > 0)
      if (signal.aborted) return
      if (livedMs > pace.healthyMs) crashes = 0
      const waitMs = Math.min(pace.firstMs * 2 ** crashes, pace.mostMs)
      report(`${part.name} ended unexpectedly (${how}) and starts again in ${waitMs / 1000} s.`)
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One life, from start to end. */
  async function once(again: boolean): Promise<{ how: string; livedMs: number }> {
    try {
      const running = await part.start(signal)
      const since = performance.now()
      first.resolve()
      if (again) report(`${part.name} runs again.`)
      const how = await Promise.race([running.ended, aborted])
      if (signal.aborted) await running.stop()
      return { how, livedMs: performance.now() - since }
    } catch (error) {
      // Only the first start may fail for good; later on the cause may go away (a full disk).
      if (!again) {
        first.reject(error)
        abort.abort()
      }
      return { how: error instanceof Error ? error.message : String(error), livedMs: 0 }
    }
  }

  const running = run()
  return {
    ready: first.promise,
    async stop() {
      abort.abort()
      await running
    },
  }
}
