import { type Bucket, untoldOf } from './buckets.ts'
import type { Store } from './store.ts'

export interface TellingOptions {
  store: Store
  buckets: Map<string, Bucket>
  /** In milliseconds, by a clock that nobody sets. */
  now: () => number
  failed(error: unknown): void
}

/** How often the store is told, and how often it forgets what is full, in milliseconds. */
const tellingMs = 1_000
const sweepingMs = 60_000
/** What lacks less than this part is nobody else's business: ordinary people cost the store nothing. */
const worthTelling = 0.25

const isWorthTelling = ({ size, fullAt, untold }: Bucket, now: number): boolean =>
  untold !== 0 && fullAt - now > size.burst * size.everyMs * worthTelling

/**
 * Tells the store once a second what was taken from the buckets that lack a quarter or more, and learns
 * what others took. So several servers together let through a quarter of a bucket more each, and what comes
 * within a second; a restart forgets nothing that was told.
 */
export function startTelling(options: TellingOptions): { stop(): Promise<void> } {
  const { store, buckets, now, failed } = options
  let sweptAt = now()

  async function tell(): Promise<void> {
    const at = now()
    const told = [...buckets.values()].filter((bucket) => isWorthTelling(bucket, at))
    if (told.length === 0) return
    const sent = told.map((bucket) => untoldOf(bucket, at))
    for (const bucket of told) bucket.untold = 0
    try {
      const known = await store.add(told.map(({ key }, n) => ({ key, ms: sent[n] ?? 0 })))
      const learntAt = now()
      told.forEach((bucket, n) => {
        const fullAt = learntAt + (known[n] ?? 0) + bucket.untold
        // A store that lost its memory makes nobody's debt smaller.
        bucket.fullAt = Math.max(bucket.fullAt, fullAt)
      })
    } catch (error) {
      told.forEach((bucket, n) => (bucket.untold += sent[n] ?? 0))
      failed(error)
    }
  }

  async function sweep(): Promise<void> {
    const at = now()
    if (at - sweptAt < sweepingMs) return
    sweptAt = at
    for (const [name, { fullAt }] of buckets) if (fullAt <= at) buckets.delete(name)
    await store.sweep().catch(failed)
  }

  let round: Promise<void> | undefined
  const timer = setInterval(() => {
    round ??= tell()
      .then(sweep)
      .finally(() => (round = undefined))
  }, tellingMs)
  timer.unref()

  return {
    async stop() {
      clearInterval(timer)
      await round
      await tell()
    },
  }
}
