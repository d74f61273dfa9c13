/** What a bucket lacks to be full, as time: in milliseconds until it is. */
export interface Debt {
  /** 32 bytes. */
  key: Buffer
  ms: number
}

/** What the servers have in common, and what outlives them. */
export interface Store {
  /** Adds debts, which may be negative, to those that there are; gives what they are then, in order. */
  add(debts: readonly Debt[]): Promise<number[]>
  /** All buckets that are not full. */
  all(): Promise<Debt[]>
  /** Forgets those that are. */
  sweep(): Promise<void>
}

/** The first of two, or the second where that does not answer. */
export function eitherOf(first: Store, second: Store, failed: (error: unknown) => void): Store {
  const either = <T>(ask: (store: Store) => Promise<T>): Promise<T> =>
    ask(first).catch((error: unknown) => {
      failed(error)
      return ask(second)
    })
  return {
    add: (debts) => either((store) => store.add(debts)),
    all: () => either((store) => store.all()),
    async sweep() {
      await Promise.all([first.sweep(), second.sweep()])
    },
  }
}
