import type { ChatType, Role } from '@parley/contract'

/** Somebody was in while `from < seq < to`. */
interface Span {
  who: number
  from: number
  to: number
}

/** What has a log of its own; `clock` is the seq that it has come to. */
export interface Topic {
  id: number
  clock: number
  ended: number | undefined
  roles: Map<number, Role>
  spans: Span[]
}

export interface Chat extends Topic {
  type: ChatType
  workspace: Topic | undefined
  history: 'all' | 'since_join'
  read: Map<number, number>
}

interface Version {
  seq: number
  text: string
  sinceJoin: boolean
}

export interface Message {
  id: number
  chat: Chat
  sender: number
  mentioned: number | undefined
  versions: [Version, ...Version[]]
  erased: boolean
}

export const isIn = (topic: Topic | undefined, who: number): boolean =>
  topic?.ended === undefined && topic?.roles.has(who) === true

export const wasIn = ({ spans }: Topic, who: number, seq: number): boolean =>
  spans.some((span) => span.who === who && span.from < seq && seq < span.to)

/** Members see a chat, and everybody in a workspace its public channels. */
export const sees = (who: number, chat: Chat): boolean =>
  chat.ended === undefined &&
  (isIn(chat, who) || (chat.type === 'public_channel' && isIn(chat.workspace, who)))

/** Of a chat that shows newcomers nothing, what was said while one was in. */
export const reads = (who: number, { chat, versions: [first] }: Message): boolean =>
  sees(who, chat) && (chat.history === 'all' || wasIn(chat, who, first.seq))

/** What others said behind the marker, and one may read. */
export const unread = (who: number, chat: Chat, messages: readonly Message[]): Message[] =>
  messages.filter(
    (message) =>
      message.chat === chat &&
      isIn(chat, who) &&
      message.versions[0].seq > (chat.read.get(who) ?? 0) &&
      message.sender !== who &&
      !message.erased &&
      reads(who, message),
  )

/** What a stream brings that begins behind `since`; of a topic that is gone, later only that. */
export const hears = (who: number, topic: Topic, since: number, live: boolean): number[] =>
  Array.from({ length: Math.max(0, topic.clock - since) }, (_, at) => since + at + 1).filter(
    (seq) => wasIn(topic, who, seq) && (live || topic.ended === undefined || seq === topic.ended),
  )

/** Whether a text may come on a stream: an edit has it for those who may read the message. */
export const hearsText = (who: number, { chat, versions }: Message, version: Version): boolean =>
  wasIn(chat, who, version.seq) &&
  (version === versions[0] || !version.sinceJoin || wasIn(chat, who, versions[0].seq))
