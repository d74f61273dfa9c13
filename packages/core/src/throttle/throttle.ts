import { createHmac, hkdfSync } from 'node:crypto'
import { type Bucket, type Verdict, giveBack, take } from './buckets.ts'
import { type LimitName, limits } from './limits.ts'
import type { Store } from './store.ts'
import { startTelling } from './telling.ts'

/** One thing that is counted: by which limit, and for whom. */
export type Counted = readonly [limit: LimitName, who: string]

/** Counts what is asked and says when it is too much. */
export interface Throttle {
  /** Takes one from each, or nothing from any; undefined where nothing is counted. */
  take(counted: readonly Counted[]): Verdict | undefined
  /** Undoes a `take`. */
  giveBack(counted: readonly Counted[]): void
  /** Tells the others what is not told yet, and ends. */
  stop(): Promise<void>
}

export interface ThrottleOptions {
  store: Store
  masterKey: Buffer
  /** Told by which limit somebody was refused. */
  refused(limit: LimitName): void
  /** The store did not answer; what is counted here counts on. */
  failed(error: unknown): void
}

/** Buckets in memory at the most, some 20 MB; with more of them at once the oldest are forgotten. */
const most = 100_000

/** Makes the keys under which the store has what is counted: nobody's address can be read there. */
export function throttleKeys(masterKey: Buffer): (counted: Counted) => Buffer {
  const secret = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley throttles', 32))
  return (counted) => createHmac('sha256', secret).update(counted.join(':')).digest()
}

const sizeOf = (limit: LimitName) => ({
  limit,
  burst: limits[limit].burst,
  everyMs: 60_000 / limits[limit].perMinute,
})

/**
 * Counts in this process, so that a request waits for nobody, and tells the store of it, which servers
 * have in common and which outlives them.
 */
export async function startThrottle(options: ThrottleOptions): Promise<Throttle> {
  const { store, refused, failed } = options
  const keyOf = throttleKeys(options.masterKey)
  const now = () => performance.now()
  const buckets = new Map<string, Bucket>()
  /** When those will be full that are known of before anybody asks, by their keys in text. */
  const before = new Map<string, number>()

  function bucketOf(counted: Counted): Bucket {
    const name = counted.join(':')
    const known = buckets.get(name)
    if (known) return known
    const key = keyOf(counted)
    const fullAt = before.get(key.toString('base64url')) ?? 0
    const bucket = { key, size: sizeOf(counted[0]), fullAt, untold: 0 }
    const [oldest] = buckets.keys()
    if (buckets.size >= most && oldest !== undefined) buckets.delete(oldest)
    buckets.set(name, bucket)
    return bucket
  }

  try {
    const startedAt = now()
    for (const { key, ms } of await store.all())
      before.set(key.toString('base64url'), startedAt + ms)
  } catch (error) {
    failed(error)
  }
  const telling = startTelling({ store, buckets, now, failed })

  return {
    take(counted) {
      const verdict = take(counted.map(bucketOf), now())
      if (verdict?.allowed === false) refused(verdict.limit)
      return verdict
    },
    giveBack: (counted) => giveBack(counted.map(bucketOf), now()),
    stop: telling.stop,
  }
}
