import type { LimitName } from './limits.ts'

/** How much fits in a bucket, and how often one of it comes back, in milliseconds. */
interface Size {
  limit: LimitName
  burst: number
  everyMs: number
}

/** What a bucket says to whoever takes from it. */
export interface Verdict {
  allowed: boolean
  /** Which one says it. */
  limit: LimitName
  burst: number
  /** How many may be taken right now. */
  remaining: number
  /** Until it is full again, in milliseconds. */
  fullInMs: number
  /** Until one may be taken, in milliseconds; 0 where one was. */
  retryInMs: number
}

/** A bucket, as the one time at which it is full again (the generic cell rate algorithm, ITU-T I.371). */
export interface Bucket {
  readonly size: Size
  /** What the store knows it by. */
  readonly key: Buffer
  fullAt: number
  /** What was taken here and nobody else knows of, in milliseconds. */
  untold: number
}

/** Milliseconds are fractions; two ways to add them up differ by less. */
const tolerance = 0.001

const look = (bucket: Bucket, now: number): Verdict => {
  const { limit, burst, everyMs } = bucket.size
  const debt = Math.max(0, bucket.fullAt - now)
  const left = burst * everyMs - debt
  const allowed = left >= everyMs - tolerance
  return {
    allowed,
    limit,
    burst,
    remaining: Math.max(0, Math.floor((left + tolerance) / everyMs)),
    fullInMs: debt,
    retryInMs: allowed ? 0 : everyMs - left,
  }
}

/** Adds to what a bucket lacks; a negative number gives back. In milliseconds. */
function add(bucket: Bucket, now: number, ms: number): void {
  bucket.fullAt = Math.max(bucket.fullAt, now) + ms
  bucket.untold += ms
}

/** What the strictest of them says: where some refuse, the one for which to wait longest. */
function strictest(buckets: readonly Bucket[], now: number): Verdict | undefined {
  const [first, ...others] = buckets.map((bucket) => look(bucket, now))
  return others.reduce<Verdict | undefined>((one, other) => {
    if (one === undefined || other.retryInMs > one.retryInMs) return other
    return other.retryInMs === one.retryInMs && other.remaining < one.remaining ? other : one
  }, first)
}

/** Takes one from each, or nothing from any; undefined where there are none. */
export function take(buckets: readonly Bucket[], now: number): Verdict | undefined {
  const before = strictest(buckets, now)
  if (!before?.allowed) return before
  for (const bucket of buckets) add(bucket, now, bucket.size.everyMs)
  // Whose last one that was has got it.
  const after = strictest(buckets, now)
  return after && { ...after, allowed: true, retryInMs: 0 }
}

/** Undoes a `take`, as far as time has not done it already. */
export function giveBack(buckets: readonly Bucket[], now: number): void {
  for (const bucket of buckets) {
    const debt = Math.max(0, bucket.fullAt - now)
    add(bucket, now, -Math.min(bucket.size.everyMs, debt))
  }
}

/** What is to be told to the others: never more than is lacking, whatever was taken since the last time. */
export const untoldOf = (bucket: Bucket, now: number): number =>
  Math.min(bucket.untold, Math.max(0, bucket.fullAt - now))
