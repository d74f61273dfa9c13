import type { CrowdSeen } from './crowd-seen.ts'

/**
 * The history of a run: everything its clients did and saw, with the faults among it, in the order of
 * one monotonic clock. The checker knows nothing else of the run.
 */
export type Entry =
  | Phase
  | Call
  | Return
  | Opened
  | Frame
  | Signalled
  | Closed
  | Began
  | Delivered
  | Fault
  | Rewound
  | Evidence
  | Backlog
  | CrowdSeen
  | Sample

interface At {
  /** Milliseconds on the run's clock. */
  at: number
}

/**
 * `load`: clients work and faults happen. `heal`: the last fault has ended, clients go on. `quiesce`:
 * no more new calls; what is under way ends. `final`: all that is left to do is to read.
 */
export interface Phase extends At {
  type: 'phase'
  phase: 'load' | 'heal' | 'quiesce' | 'final'
}

/**
 * How a session is ended: it signs out; its person ends it from another one, by the list of where they
 * are signed in; or somebody uses a refresh token of it that was traded in long ago.
 */
export type EndedBy = 'sign_out' | 'list' | 'reuse'

/** What a client asks of the API. Ids are those of the API. */
export type Action =
  /** `text` is a digest of the content, here and everywhere. */
  | { does: 'send'; chat: number; nonce: string; text: string }
  | { does: 'edit'; chat: number; message: number; text: string }
  | { does: 'delete'; chat: number; message: number }
  | { does: 'mark'; chat: number; seq: number }
  /** Of another person, by somebody who may; `user` is who comes or goes. */
  | { does: 'add' | 'remove'; chat: number; user: number }
  /** A page of messages. */
  | { does: 'read'; chat: number }
  /** Ends a session: its token is not to be served any more. */
  | { does: 'end_session'; ended: number; by: EndedBy }

/** One attempt begins. All attempts of an operation have its number. */
export interface Call extends At {
  type: 'call'
  op: number
  /** From 1. */
  attempt: number
  user: number
  session: number
  /** The server that was asked: `chat-1`. */
  server: string
  action: Action
}

/**
 * An attempt ends. `ok`: a whole 2xx came. `fail`: a 4xx that by contract had no effect. `info`:
 * anything else; it may have had its effect or not.
 */
export interface Return extends At {
  type: 'return'
  op: number
  attempt: number
  outcome: 'ok' | 'fail' | 'info'
  status?: number
  /** The code of a problem, or what the network said. */
  code?: string
  /** What a send, an edit (one) or a read (any number) answered. */
  messages?: MessageSeen[]
}

/** A message as somebody was shown it. */
export interface MessageSeen {
  id: number
  seq: number
  sender: number
  nonce: string | null
  /** Digest of the content; `-` where it is erased. */
  text: string
}

/** An event of the log as somebody was shown it. */
export interface EventSeen {
  /** `chat:42`, `user:7`, `workspace:3`. */
  topic: string
  seq: number
  kind: string
  /** Of NewMessage and MessageUpdated. */
  message?: MessageSeen
  /** The seq of the message that MessageDeleted is about; the chat that NewChat, AddToChat, RemoveFromChat and ReadMarkerMoved are about. */
  about?: number
  /** Where ReadMarkerMoved moved it to. */
  read_seq?: number
  /** Digest of all of it, for kinds that nobody ever rewrites: those without a message. */
  digest?: string
}

/** The server answered a request for the stream: one connection begins. Refused ones have no entry. */
export interface Opened extends At {
  type: 'opened'
  stream: number
  reader: string
  user: number
  session: number
  server: string
  /** Where it was asked to go on. */
  cursor: string | null
}

/** An event arrived on a connection, as it came and before anything is dropped. */
export interface Frame extends At, EventSeen {
  type: 'frame'
  stream: number
}

export interface Signalled extends At {
  type: 'signal'
  stream: number
  kind: 'ready' | 'resync' | 'reauth' | 'bye'
  reason?: string
  replayed?: number
}

export interface Closed extends At {
  type: 'closed'
  stream: number
}

/** A reader took a bootstrap, at the start or because it was told to: it stands for all up to these seqs. */
export interface Began extends At {
  type: 'began'
  reader: string
  user: number
  reason: string
  topics: Record<string, number>
}

/** The SDK handed an event to a reader. */
export interface Delivered extends At, EventSeen {
  type: 'delivered'
  reader: string
}

/**
 * A fault begins or ends. While one that `excuses` lasts, and for the time of recovery after it,
 * errors are allowed. `slows` says how a revocation may be delayed by it: not at all, because the
 * bell is lost, or because servers cannot reach the database.
 */
export interface Fault extends At {
  type: 'fault'
  fault: string
  phase: 'begin' | 'end'
  target: string
  slows: 'nothing' | 'bell' | 'partition'
  excuses: boolean
}

/**
 * The database went back to an older state, and may: a replica took over that did not have all, or a
 * backup was put back. Everything acknowledged before `since` is in it. At `until` the old past was
 * over: what was asked before may still be answered by it, what was asked later was not.
 */
export interface Rewound extends At {
  type: 'rewound'
  since: number
  until: number
  /** How far each topic still goes; what it had beyond that is gone, and its seqs are given out again. */
  topics: Record<string, number>
}

/** A fault really met something: a process died, bytes were held, a connection was cut. */
export interface Evidence extends At {
  type: 'evidence'
  fault: string
  what: string
  count: number
}

/** Somebody who had stopped reading has gone on: so much came to them that had been kept meanwhile. */
export interface Backlog extends At {
  type: 'backlog'
  reader: string
  bytes: number
}

export interface Sample extends At {
  type: 'sample'
  /** `notify-1`; a process that was started anew has a new pid. */
  process: string
  pid: number
  /** Resident memory, in bytes. */
  rss: number
  /** Bytes in use when all that can be collected is: known of the first sample and of the last. */
  held?: number
  /** Open file descriptors, sockets among them. */
  descriptors: number
  /** Of those, streams of a crowd, as its clients count them. */
  crowd?: number
}

/** What is true when everything is quiet again, read from the database and from the API. */
export interface Final {
  /** The event log, in the order of its ids; of a row that was erased, `text` is `-`. */
  log: (EventSeen & { actor: number | null; known: boolean })[]
  /** By SQL, in the order of chat and seq. */
  messages: (MessageSeen & { chat: number; deleted: boolean })[]
  /** Intervals in a topic's seq: `joined < seq < left`. */
  memberships: { topic: string; user: number; joined: number; left: number | null }[]
  topics: { topic: string; last_seq: number }[]
  /** Chats of which a member sees only what came since they joined. */
  since_join: number[]
  /** Public channels, which those outside of them may read too. */
  open?: number[]
  /**
   * Every page of each chat's messages, as one of its members reads them: in the API's order, which is
   * ascending, so from the pages behind seq 0 on.
   */
  pages: { chat: number; user: number; messages: MessageSeen[] }[]
  /** Of each open membership, by SQL and as the API tells its member. */
  counts: {
    chat: number
    user: number
    read_seq: number
    unread: number
    told: { read_seq: number; unread: number }
  }[]
  /** What a reader's state has become from events, against a fresh bootstrap; no differences: equal. */
  states: { reader: string; user: number; differences: string[] }[]
  /** Whatever is left over in the database or in a server though nothing should: a sentence each. */
  stuck: string[]
}

/** What was asked for. */
export interface Plan {
  seed: number
  faults: string[]
  /** How long the load lasts, in seconds. */
  seconds: number
  clients: number
  /** The profile that the run is part of; its seed says which part. */
  profile?: string
}

export interface History {
  plan: Plan
  entries: Entry[]
  final: Final
}
