import { type Metrics, numbers } from '@parley/core/metrics/metrics'
import type { ResyncReason } from './cursor.ts'
import { type Goodbye, type Stream, goodbyes } from './stream.ts'

/** Why a stream ended: as its reader was told, or because the reader went. */
export type Ended = Goodbye | 'by_client'

/** Why there was no stream at all. */
export type Refused = Ended | Later | 'not_signed_in' | 'invalid_cursor' | 'invalid_request'

/** Why a client that did nothing wrong is to come back later. */
export type Later = 'full' | 'tail_lost' | 'database' | 'shutdown'

const ends = [...goodbyes, 'by_client'] as const
const refusals = [
  ...ends,
  'full',
  'tail_lost',
  'database',
  'not_signed_in',
  'invalid_cursor',
  'invalid_request',
] as const
const resyncs = ['epoch', 'retention', 'unknown', 'too_much'] as const

/** What is counted of streams. All of it happens seldom: nothing here is called per event. */
export interface StreamWatch {
  ended(why: Ended): void
  refused(why: Refused): void
  resynced(why: ResyncReason): void
  /** A reader is too slow to be fed. */
  fellBehind(): void
  replayed(events: number, bytes: number): void
}

/** 1 kB to what a replay may bring, and a little more. */
const bytes = [0, 1, 4, 16, 64, 256, 1024, 2048, 4096].map((kilo) => kilo * 1024)

export function watchStreams(metrics: Metrics, streams: ReadonlySet<Stream>): StreamWatch {
  metrics.gauges('parley_streams', 'Streams by what they do.', 'state', () => {
    const states = { opening: 0, live: 0, behind: 0, closed: 0 }
    for (const { state } of streams) states[state]++
    return states
  })
  const events = metrics.histogram('parley_replay_events', 'Events that a replay wrote.', numbers)
  const size = metrics.histogram('parley_replay_bytes', 'Bytes that a replay wrote.', bytes)
  return {
    ended: metrics.counters('parley_stream_ends_total', 'Streams that ended.', 'reason', ends),
    refused: metrics.counters(
      'parley_stream_refusals_total',
      'Streams that were not opened.',
      'reason',
      refusals,
    ),
    resynced: metrics.counters(
      'parley_resyncs_total',
      'Streams whose readers had to start afresh.',
      'reason',
      resyncs,
    ),
    fellBehind: metrics.counter(
      'parley_slow_readers_total',
      'How often a reader was too slow to be fed.',
    ),
    replayed(count, written) {
      events(count)
      size(written)
    },
  }
}
