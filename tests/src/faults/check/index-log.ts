import type { Entry, Final } from '../history/entry.ts'
import { entryOf } from './grouped.ts'

export type LogRow = Final['log'][number]

/** What is left of a topic's log at the end, and how far it is to go. */
export interface LogTopic {
  topic: string
  /** In the order of the log. */
  rows: LogRow[]
  bySeq: Map<number, LogRow>
  /** The lowest seq that is there; what came before it was dropped by the retention. */
  first: number
  /** Of what was dropped, the seqs that somebody was shown. */
  shown: Set<number>
  /** Undefined where the database has no such topic. */
  lastSeq: number | undefined
}

export function indexLog({ log, topics }: Final, entries: readonly Entry[]): Map<string, LogTopic> {
  const byTopic = new Map<string, LogTopic>()
  const topicOf = (topic: string) =>
    entryOf(byTopic, topic, () => ({
      topic,
      rows: [],
      bySeq: new Map(),
      first: Infinity,
      shown: new Set<number>(),
      lastSeq: undefined,
    }))
  for (const { topic, last_seq } of topics) topicOf(topic).lastSeq = last_seq
  for (const row of log) {
    const one = topicOf(row.topic)
    one.rows.push(row)
    one.bySeq.set(row.seq, row)
    one.first = Math.min(one.first, row.seq)
  }
  for (const one of byTopic.values()) one.first = Math.min(one.first, (one.lastSeq ?? 0) + 1)
  for (const entry of entries) {
    if (entry.type !== 'frame' || entry.kind === unknown) continue
    const one = byTopic.get(entry.topic)
    if (one && entry.seq < one.first) one.shown.add(entry.seq)
  }
  return byTopic
}

/** Under this kind an event is streamed that the servers cannot show. */
export const unknown = 'Unknown'

/** Whether a seq is there to be given to a reader: not one that the servers cannot show. */
export function isShown(log: LogTopic, seq: number): boolean {
  return isStreamed(log, seq) && log.bySeq.get(seq)?.known !== false
}

/** Whether a seq is there to be streamed, shown or not. */
export const isStreamed = ({ first, shown }: LogTopic, seq: number): boolean =>
  seq >= first || shown.has(seq)

/** The number in `chat:42`, where it is a chat's topic. */
export const chatOf = (topic: string): number | undefined =>
  topic.startsWith('chat:') ? Number(topic.slice('chat:'.length)) : undefined

/** The number in `user:7`. */
export const userOf = (topic: string): number | undefined =>
  topic.startsWith('user:') ? Number(topic.slice('user:'.length)) : undefined

/** The log of a topic around a seq, in a line that shows what is missing. */
export function around(log: LogTopic | undefined, seq: number): string {
  if (!log) return `there is no topic`
  const shown: string[] = []
  for (let at = Math.max(1, seq - 2); at <= seq + 2; at++) {
    const row = log.bySeq.get(at)
    const past = log.lastSeq !== undefined && at > log.lastSeq
    const none = past ? undefined : `${at} —`
    const one = row ? `${at} ${row.kind}${row.message ? ` #${row.message.id}` : ''}` : none
    if (one !== undefined) shown.push(one)
  }
  return `the log of ${log.topic}: ${shown.join(', ')} (last_seq ${log.lastSeq ?? 'unknown'})`
}
