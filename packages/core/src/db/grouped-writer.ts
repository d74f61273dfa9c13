import { sqlState } from './errors.ts'

export interface GroupedWriterOptions<Item, Result> {
  /** Writes all items in one statement, each judged on its own; results in the items' order. */
  write: (items: readonly Item[], lockTimeoutMs: number) => Promise<Result[]>
  /** What an item locks: items of one key are written in the order in which they came. */
  keyOf: (item: Item) => number
  /** The size of an item, in bytes. */
  sizeOf: (item: Item) => number
  watch?: WriterWatch
}

/** Told of how the writer fares; nothing is called per item. */
export interface WriterWatch {
  /** A statement takes so many items, the first of which waited for so long, in milliseconds. */
  statement(items: number, waitedMs: number): void
  /** So many keys are locked by somebody else. */
  locked(keys: number): void
}

/** Limits of one statement. */
const mostItems = 500
const mostBytes = 1 << 20
/** How long a statement waits for a lock, in milliseconds: the one that all share, and that of one key. */
const sharedTimeout = 200
const ownTimeout = 250
/** How many statements of single keys run at once: each may keep a connection waiting. */
const mostOwn = 2
/** How long an item waits in all, for its lock or behind what fails, in milliseconds. */
const patience = 5_000
/** How often an item is written anew after a deadlock. */
const mostConflicts = 5

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
  since: number
  conflicts: number
  /** Set when its statement failed by one of its items: who is to blame shows one by one. */
  alone: boolean
}

/**
 * Sends what waits in the next statement: while one is under way, new items gather, so the busier
 * the server the fewer commits per item. One statement at a time keeps the order. A key that somebody
 * else keeps locked leaves the statement that all share and tries in turns with others of its kind,
 * so that it holds up nobody else for longer than the first look at its lock.
 */
export function createGroupedWriter<Item, Result>(
  options: GroupedWriterOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  type Entry = Waiting<Item, Result>
  let shared: Entry[] = []
  let busy = false
  /** What waits for locked keys. A key stays as long as anything of it waits or is under way: order. */
  const locked = new Map<number, Entry[]>()
  const turns: number[] = []
  let taken = 0

  async function writeShared(): Promise<void> {
    if (busy) return
    busy = true
    while (shared.length > 0) {
      if (locked.size > 0) {
        // Behind what waits for the same key, and never before it.
        shared = shared.filter((entry) => !waitsBehind(entry))
      }
      const { entries, error } = await attempt(options, shared, sharedTimeout)
      for (const entry of entries) divert(entry)
      // Where the database does not answer, the next statement would keep them waiting as long again.
      if (error !== undefined) shared = refuseTired(shared, error)
      giveTurns()
    }
    busy = false
  }

  function waitsBehind(entry: Entry): boolean {
    const waiting = locked.get(options.keyOf(entry.item))
    waiting?.push(entry)
    return waiting !== undefined
  }

  function divert(entry: Entry): void {
    if (waitsBehind(entry)) return
    const key = options.keyOf(entry.item)
    locked.set(key, [entry])
    options.watch?.locked(locked.size)
    turns.push(key)
  }

  function giveTurns(): void {
    while (taken < mostOwn) {
      const key = turns.shift()
      if (key === undefined) return
      taken++
      void writeOwn(key, locked.get(key) ?? []).then(() => {
        taken--
        giveTurns()
      })
    }
  }

  async function writeOwn(key: number, queue: Entry[]): Promise<void> {
    const { entries, error } = await attempt(options, queue, ownTimeout)
    queue.unshift(...refuseTired(entries, error))
    if (queue.length > 0) turns.push(key)
    else {
      locked.delete(key)
      options.watch?.locked(locked.size)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const since = performance.now()
      const entry = { item, resolve, reject, since, conflicts: 0, alone: false }
      if (waitsBehind(entry)) return
      shared.push(entry)
      void writeShared()
    })
}

/** Refuses those whose patience has ended; returns the others. */
function refuseTired<Item, Result>(
  entries: Waiting<Item, Result>[],
  error: unknown,
): Waiting<Item, Result>[] {
  const since = performance.now() - patience
  for (const entry of entries) if (entry.since < since) entry.reject(error)
  return entries.filter((entry) => entry.since >= since)
}

/** What one statement takes of a queue's beginning. */
function take<Item, Result>(
  options: GroupedWriterOptions<Item, Result>,
  queue: Waiting<Item, Result>[],
): Waiting<Item, Result>[] {
  let bytes = 0
  let count = 0
  for (const { item, alone } of queue) {
    bytes += options.sizeOf(item)
    if (count > 0 && (alone || bytes > mostBytes || count === mostItems)) break
    count++
    if (alone) break
  }
  return queue.splice(0, count)
}

/** Writes what a queue begins with. Returns the entries that met a lock, and any error. */
async function attempt<Item, Result>(
  options: GroupedWriterOptions<Item, Result>,
  queue: Waiting<Item, Result>[],
  timeout: number,
): Promise<{ entries: Waiting<Item, Result>[]; error: unknown }> {
  const batch = take(options, queue)
  options.watch?.statement(batch.length, performance.now() - (batch[0]?.since ?? 0))
  const items = batch.map(({ item }) => item)
  try {
    const results = await options.write(items, timeout)
    batch.forEach((entry, at) => {
      const result = results[at]
      if (result === undefined) entry.reject(new Error('a grouped write left out an item'))
      else entry.resolve(result)
    })
  } catch (error) {
    const state = sqlState(error) ?? ''
    if (state === lockNotAvailable) return { entries: batch, error }
    // A database that answered has undone the whole statement, so that it may be repeated.
    if (isConflict(state) && batch.every((entry) => ++entry.conflicts < mostConflicts)) {
      queue.unshift(...batch)
    } else if (isItemsFault(state) && batch.length > 1) {
      for (const entry of batch) entry.alone = true
      queue.unshift(...batch)
    } else for (const entry of batch) entry.reject(error)
    return { entries: [], error }
  }
  return { entries: [], error: undefined }
}

const lockNotAvailable = '55P03'

/** Deadlocks and serialization failures: trying again may do. */
const isConflict = (state: string): boolean => /^40(?:001|P01)$/.test(state)

/** Data and constraint errors are an item's; lost connections and shutdowns are everybody's. */
const isItemsFault = (state: string): boolean => /^(?:21|22|23|54|P0)/.test(state)
