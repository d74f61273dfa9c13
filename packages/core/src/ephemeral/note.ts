import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

const strict = { additionalProperties: false }
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Count = Type.Integer({ minimum: 0 })
const Server = Type.String({ pattern: '^[\\w-]{1,16}$' })
const Ids = Type.Array(Id, { maxItems: 500 })

/** Somebody writes in a chat; whoever says so has checked that they are in it. */
const Typing = Type.Object({ kind: Type.Literal('typing'), chat_id: Id, user_id: Id }, strict)

/** Whether somebody sits at the device that this session is signed in on. */
const Device = Type.Object(
  { kind: Type.Literal('device'), user_id: Id, session_id: Id, away: Type.Boolean() },
  strict,
)

/** Somebody changed whether they may be disturbed: the row says how. */
const Dnd = Type.Object({ kind: Type.Literal('dnd'), user_id: Id }, strict)

/** A server begins to listen and knows nothing yet. */
const Hello = Type.Object({ kind: Type.Literal('hello'), server: Server }, strict)

/**
 * Who is at the streams of one server. With `part`, all of them, in so many parts; else what changed.
 * Empty, it is a sign of life.
 */
const People = Type.Object(
  {
    kind: Type.Literal('people'),
    server: Server,
    /** One more with each change of this server; a digest and a sign of life repeat the last one. */
    n: Count,
    /** For how long it holds without another word of this server, in milliseconds. */
    lease_ms: Count,
    part: Type.Optional(Type.Object({ at: Count, of: Count }, strict)),
    online: Ids,
    away: Ids,
    gone: Ids,
  },
  strict,
)
export type People = Static<typeof People>

/** What servers tell each other about what is not kept. */
const Note = Type.Union([Typing, Device, Dnd, Hello, People])
export type Note = Static<typeof Note>

const notes = Compile(Note)

/** Undefined for what this version does not know, and for what is no note at all. */
export function parseNote(text: string): Note | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return notes.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
