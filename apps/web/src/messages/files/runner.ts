import { type AttemptOptions, attempt } from './attempt.ts'
import { type RestOptions, createRests } from './rests.ts'
import { type StockOptions, createStock } from './stock.ts'

/** So many files go up beside each other. */
const mostAtOnce = 2

export interface RunnerOptions extends AttemptOptions, StockOptions, Omit<RestOptions, 'wake'> {
  /** Whether an attempt is worth it. */
  online(): boolean
}

/** Brings files to the server, a few at a time. */
export function createRunner(options: RunnerOptions) {
  const stock = createStock(options)
  const rests = createRests({ ...options, wake: pump })
  const running = new Map<string, AbortController>()

  /** Begins as many as may go beside each other. */
  function pump(): void {
    for (const [key, { state }] of stock.uploads) {
      const blob = stock.blob(key)
      if (running.size >= mostAtOnce || !options.online()) return
      if (state !== 'waiting' || running.has(key) || rests.has(key) || !blob) continue
      const stop = new AbortController()
      running.set(key, stop)
      void attempt(options, stock, rests, [key, blob], stop.signal).finally(() => {
        running.delete(key)
        pump()
      })
    }
  }
  /** Its place is free when the attempt has ended: one that goes on at once must not begin twice. */
  const stop = (key: string): void => running.get(key)?.abort()

  return {
    pump,
    add: stock.add,
    /** There may be a way again. */
    hurry: rests.endAll,
    /** No further byte of it goes out until it is told to go on; the server keeps what it has. */
    pause(key: string): void {
      stock.change(key, { state: 'paused' })
      stock.keepHalf(key)
      rests.forget(key)
      stop(key)
    },
    /** After a pause, or once more after it failed. */
    resume(key: string): void {
      rests.forget(key)
      stock.change(key, { state: 'waiting' })
      stock.keepHalf(key)
      pump()
    },
    /** No further byte of it goes out, and the server lets go of what it has. */
    drop(key: string): void {
      rests.forget(key)
      stop(key)
      stock.drop(key)
    },
  }
}
