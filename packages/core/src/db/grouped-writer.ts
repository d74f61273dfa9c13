import { sqlState } from './errors.ts'

const lockNotAvailable = '55P03'

export interface GroupedWriterOptions<Item, Result> {
  /** Writes all items in one statement, each judged on its own; results in the items' order. */
  write: (items: readonly Item[], lockTimeoutMs: number) => Promise<Result[]>
  /** What an item locks: items of one key are written in the order in which they came. */
  keyOf: (item: Item) => number
  /** The size of an item, in bytes. */
  sizeOf: (item: Item) => number
}

/** Limits of one statement. */
const mostItems = 500
const mostBytes = 1 << 20
/** How long the statement that everybody shares waits for a lock, in milliseconds. */
const sharedTimeout = 200
/** How long a lane of its own waits, and how long a key that was locked keeps one. */
const laneTimeout = 5_000
const laneFor = 10_000

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Sends what waits in the next statement: while one is under way, new items gather, so the busier
 * the server the fewer commits per item. One statement at a time keeps the order; a key that
 * somebody else keeps locked gets a lane of its own, so that it holds up nobody else.
 */
export function createGroupedWriter<Item, Result>(
  options: GroupedWriterOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  type Entry = Waiting<Item, Result>
  const shared = lane(sharedTimeout, true)
  const lanes = new Map<number, ReturnType<typeof lane>>()

  function lane(timeout: number, isShared: boolean) {
    const queue: Entry[] = []
    let busy = false

    async function pump(): Promise<void> {
      if (busy) return
      busy = true
      while (queue.length > 0) await write(take(queue))
      busy = false
    }

    async function write(batch: Entry[]): Promise<void> {
      try {
        const results = await options.write(
          batch.map(({ item }) => item),
          timeout,
        )
        batch.forEach((entry, at) => {
          const result = results[at]
          if (result === undefined) entry.reject(new Error('a grouped write left out an item'))
          else entry.resolve(result)
        })
      } catch (error) {
        if (isShared && sqlState(error) === lockNotAvailable) batch.forEach(divert)
        // A database that answered has undone the whole statement: each item stands for itself then.
        else if (batch.length > 1 && sqlState(error) !== undefined && isItemsFault(error)) {
          for (const entry of batch) await write([entry])
        } else batch.forEach((entry) => entry.reject(error))
      }
    }

    return {
      push(entry: Entry) {
        queue.push(entry)
        void pump()
      },
    }
  }

  function take(queue: Entry[]): Entry[] {
    let bytes = 0
    let count = 0
    while (count < queue.length && count < mostItems) {
      const entry = queue[count]
      bytes += entry ? options.sizeOf(entry.item) : 0
      if (count > 0 && bytes > mostBytes) break
      count++
    }
    return queue.splice(0, count)
  }

  function divert(entry: Entry): void {
    const key = options.keyOf(entry.item)
    let own = lanes.get(key)
    if (own === undefined) {
      own = lane(laneTimeout, false)
      lanes.set(key, own)
      setTimeout(() => lanes.delete(key), laneFor).unref()
    }
    own.push(entry)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const entry = { item, resolve, reject }
      if (lanes.has(options.keyOf(item))) divert(entry)
      else shared.push(entry)
    })
}

/** Data and constraint errors are an item's; lost connections and shutdowns are everybody's. */
const isItemsFault = (error: unknown): boolean => /^(?:22|23|54|P0)/.test(sqlState(error) ?? '')
