import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Op } from './index-ops.ts'
import type { Counters } from './report.ts'

export function counters(index: HistoryIndex): Counters {
  const { ops, streams, sessions } = index
  const attempts = ops.all.flatMap(({ attempts }) => attempts)
  const retries = attempts.filter(({ call }) => call.attempt > 1)
  const signals = streams.all.flatMap(({ events }) =>
    events.filter((event) => event.type === 'signal'),
  )
  const replayed = signals.map(({ kind, replayed }) => (kind === 'ready' ? (replayed ?? 0) : 0))
  return {
    okSends: ops.sends.filter(({ ok }) => ok).length,
    infoOutcomes: attempts.filter(({ returned }) => returned?.outcome === 'info').length,
    retries: retries.length,
    retriesKnown: retries.filter(
      ({ call, returned }) =>
        call.action.does === 'send' && returned?.outcome === 'ok' && returned.status === 200,
    ).length,
    deliveries: [...streams.readers.values()].reduce(
      (sum, { events, began }) => sum + events.length - began.length,
      0,
    ),
    replays: replayed.filter((events) => events > 0).length,
    replayedEvents: replayed.reduce((a, b) => a + b, 0),
    resyncs: signals.filter(({ kind }) => kind === 'resync').length,
    removalsInFlight: removalsInFlight(index),
    revocations: sessions.ended.length,
  }
}

/** Removals of somebody who had a post of their own under way in the chat. */
function removalsInFlight({ ops }: HistoryIndex): number {
  const sends = grouped(ops.sends, ({ action, user }) => `${action.chat} ${user}`)
  return ops.removals.filter((removal) => {
    const { chat, user } = removal.action
    return (sends.get(`${chat} ${user}`) ?? []).some(
      (send) => removal.ok && send.began < removal.ended && lastReturn(send) > removal.began,
    )
  }).length
}

const lastReturn = ({ attempts }: Pick<Op, 'attempts'>): number =>
  attempts.reduce((last, { returned }) => Math.max(last, returned?.at ?? Infinity), 0)

export function evidenceOf({ entries }: HistoryIndex): Record<string, number> {
  const byFault: Record<string, number> = {}
  for (const entry of entries) {
    if (entry.type !== 'evidence') continue
    byFault[entry.fault] = (byFault[entry.fault] ?? 0) + entry.count
  }
  return byFault
}
