import type { Began, Delivered } from '../history/entry.ts'
import { inOrder } from './c07-order.ts'
import type { Check, Findings } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { type LogTopic, around, isShown } from './index-log.ts'
import type { Interval } from './index-memberships.ts'
import { told } from './index-ops.ts'
import type { ReaderSeen } from './index-streams.ts'
import { line } from './lines.ts'

export const undelivered: Check = {
  id: 'C7',
  name: 'undelivered',
  property:
    'Each reader was given every event they were entitled to once, in order, but for what a bootstrap stood for.',
  run(index, found) {
    for (const reader of index.streams.readers.values()) {
      inOrder(reader, found)
      complete(index, reader, found)
    }
  },
}

/** What the bootstraps of a reader stood for, all together. */
interface Covered {
  /** Up to which seq, by topic. */
  upTo: Map<string, number>
  /** Whether an interval was over for one of them. */
  over(topic: string, interval: Interval): boolean
}

function coveredBy({ user, began }: ReaderSeen): Covered {
  const upTo = new Map<string, number>()
  for (const { topics } of began) {
    for (const [topic, seq] of Object.entries(topics)) {
      upTo.set(topic, Math.max(upTo.get(topic) ?? 0, seq))
    }
  }
  const own = `user:${user}`
  const over = (topic: string, { left, toldLeft }: Interval) =>
    left !== Infinity &&
    began.some(
      ({ topics }) =>
        topics[topic] === undefined && (toldLeft === undefined || toldLeft <= (topics[own] ?? 0)),
    )
  return { upTo, over }
}

/** One stretch of a topic that a reader was to see; of one's own topic it is all. */
interface Stretch {
  log: LogTopic
  from: number
  to: number
}

function* stretches(index: HistoryIndex, reader: ReaderSeen, covered: Covered): Generator<Stretch> {
  const own = index.log.get(`user:${reader.user}`)
  const begin = (log: LogTopic, joined: number) =>
    Math.max(joined, covered.upTo.get(log.topic) ?? 0) + 1
  if (own) yield { log: own, from: begin(own, 0), to: own.rows.at(-1)?.seq ?? 0 }
  for (const [topic, users] of index.memberships) {
    const log = index.log.get(topic)
    if (!log) continue
    for (const interval of users.get(reader.user) ?? []) {
      if (covered.over(topic, interval)) continue
      const to = Math.min(interval.left - 1, log.rows.at(-1)?.seq ?? 0)
      yield { log, from: begin(log, interval.joined), to }
    }
  }
}

function complete(index: HistoryIndex, reader: ReaderSeen, found: Findings): void {
  if (reader.began.length === 0) return
  const given = givenTo(reader)
  const gone = index.sessions.mayBeOver(reader)
  for (const { log, from, to } of stretches(index, reader, coveredBy(reader))) {
    const have = given.get(log.topic)
    // Whoever was signed out is only to have no holes in what they got.
    const last = gone ? Math.min(to, have?.highest ?? 0) : to
    let missing: { from: number; to: number } | undefined
    for (let seq = from; seq <= last + 1; seq++) {
      // What is missing in the log itself is a hole of it, and told as one.
      const there = seq < log.first || log.bySeq.has(seq)
      const wanted = seq <= last && there && isShown(log, seq)
      if (wanted) found.look()
      const lacks = wanted && have?.events.has(seq) !== true
      if (lacks) missing = { from: missing?.from ?? seq, to: seq }
      else if (missing && (wanted || seq > last)) {
        tell(index, { reader, log, ...missing }, have?.events, found)
        missing = undefined
      }
    }
  }
}

interface Given {
  events: Map<number, Delivered>
  highest: number
}

function givenTo({ events }: ReaderSeen): Map<string, Given> {
  const byTopic = new Map<string, Given>()
  for (const event of events) {
    if (event.type !== 'delivered') continue
    const given = byTopic.get(event.topic) ?? { events: new Map(), highest: 0 }
    byTopic.set(event.topic, given)
    given.events.set(event.seq, event)
    given.highest = Math.max(given.highest, event.seq)
  }
  return byTopic
}

function tell(
  { ops }: HistoryIndex,
  { reader, log, from, to }: Stretch & { reader: ReaderSeen },
  given: ReadonlyMap<number, Delivered> | undefined,
  { violation }: Findings,
): void {
  const next = given?.get(to + 1)
  violation(
    `Reader ${reader.reader} (user ${reader.user}) was never given ${log.topic} seq ${from}${to > from ? ` to ${to}` : ''}.`,
    () => {
      const message = log.bySeq.get(from)?.message
      const sends = message ? ops.sends.filter(({ ok }) => ok && isAbout(ok, message.id)) : []
      const before = given?.get(from - 1)
      const began: Began | undefined = reader.began.findLast(
        ({ at }) => at <= (next?.at ?? Infinity),
      )
      return [
        ...(began ? [began] : []),
        ...sends.flatMap(told),
        ...(before ? [before] : []),
        ...(next ? [next] : [line('nothing of the topic came after it')]),
        line(around(log, from)),
      ]
    },
    next?.at,
  )
}

const isAbout = (ok: { returned: { messages?: { id: number }[] } }, id: number): boolean =>
  ok.returned.messages?.[0]?.id === id
