import { setTimeout as delay } from 'node:timers/promises'
import { startFollower } from '../db/follower.ts'
import { type Statement, sql } from '../db/sql.ts'
import { type Note, parseNote } from './note.ts'

/** The shortest time from one notification to the next, in milliseconds. */
const restMs = 100
/** How often the connection is tried when there is nothing to say, in milliseconds. */
const everyMs = 5000
/** Most notes in one notification, and most that wait for it: what is beyond is dropped. */
const atOnce = 500
const most = 5000
/** How long a stop waits for what is still to be said, in milliseconds. */
const lastWordsMs = 500

export interface ChannelOptions {
  url: string
  /** Shown in pg_stat_activity. */
  name: string
  heard(note: Note): void
  /** Connected anew: whatever was said meanwhile, either way, is lost. */
  connected(): void
  failed(error: unknown): void
}

/** Where servers tell each other what is not kept: nobody waits for it, and it may be lost. */
export interface Channel {
  /** Of what has the same key and still waits only the last is said. False when it is dropped. */
  tell(note: Note, key?: string): boolean
  connected(): boolean
  /** Says what waits, if that is soon done. */
  stop(): Promise<void>
}

/**
 * By NOTIFY, whose lock on the whole database is taken a few times a second and for no longer than it
 * takes to write down the notes: nothing of the transaction goes to the disk.
 */
export function openChannel(options: ChannelOptions): Channel {
  const { url, name, heard, connected, failed } = options
  let waiting = new Map<string, Note>()
  let open = false
  let count = 0
  let empty = (): void => undefined

  const follower = startFollower({
    url,
    name,
    settings: '-c synchronous_commit=off',
    everyMs,
    restMs: () => restMs,
    heard(payload) {
      const note = parseNote(payload)
      if (note) heard(note)
    },
    async round({ db, standby }) {
      if (standby) return
      const batch = [...waiting].slice(0, atOnce)
      for (const [key] of batch) waiting.delete(key)
      await db.rows(notify(batch.map(([, note]) => JSON.stringify(note))))
      if (waiting.size > 0) follower.ring()
      else empty()
      if (open) return
      open = true
      connected()
    },
    failed(error) {
      open = false
      waiting = new Map()
      failed(error)
    },
  })

  return {
    connected: () => open,
    tell(note, key = String(++count)) {
      if (!open || (waiting.size >= most && !waiting.has(key))) return false
      waiting.set(key, note)
      follower.ring()
      return true
    },
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>()
      empty = resolve
      if (open && waiting.size > 0) await Promise.race([promise, delay(lastWordsMs)])
      await follower.stop()
    },
  }
}

/** With no payload it notifies nobody, takes no lock, and shows that the connection lives. */
const notify = (payloads: string[]): Statement<{ pg_notify: unknown }> => sql<{
  pg_notify: unknown
}>`
  select pg_notify('ephemeral', payload) from unnest(${payloads}::text[]) payload`
