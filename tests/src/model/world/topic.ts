import type { EventKind } from '@parley/contract'
import type { Message, Person } from './world.ts'

/** An event as the log must hold it; its seq is its place in the topic. */
export interface Entry {
  kind: EventKind
  /** On whose behalf it happened; undefined where the servers do not say. */
  actor: Person | undefined
  /** The text that it carries. */
  text?: { message: Message; content: string; sinceJoin: boolean }
}

/** Somebody may see what lies between: `joined < seq < left`. */
interface Interval {
  person: Person
  joined: number
  left: number
}

/** What has a log of its own: a person, a workspace, a chat. */
export interface Topic {
  kind: 'user' | 'workspace' | 'chat'
  id: number
  log: Entry[]
  intervals: Interval[]
}

export const nameOf = ({ kind, id }: Topic): string => `${kind}:${id}`

/** Appends an event and gives its seq. */
export const append = (
  topic: Topic,
  kind: EventKind,
  actor?: Person,
  text?: Entry['text'],
): number => topic.log.push({ kind, actor, ...(text && { text }) })

export const nextSeq = (topic: Topic): number => topic.log.length + 1

/** Whether somebody was in at that time; one's own topic is one's own from the start. */
export const covers = (topic: Topic, person: Person, seq: number): boolean =>
  topic === person ||
  topic.intervals.some((one) => one.person === person && one.joined < seq && seq < one.left)

export function open(topic: Topic, person: Person, joined: number): void {
  topic.intervals.push({ person, joined, left: Infinity })
}

export function close(topic: Topic, person: Person, left: number): void {
  const last = topic.intervals.find((one) => one.person === person && one.left === Infinity)
  if (last) last.left = left
}
