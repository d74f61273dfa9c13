import { randomBytes } from 'node:crypto'
import { type Channel, openChannel } from '../ephemeral/channel.ts'
import type { Note } from '../ephemeral/note.ts'
import { Gossip } from './gossip.ts'

/** How often changes are told, in milliseconds. */
const everyMs = 250

export interface PresenceOptions {
  url: string
  name: string
  /** Whether this server has streams, and people at them. */
  host: boolean
  /** In milliseconds, by a clock that nobody sets. */
  uptime: () => number
  /** What is known of somebody may be another thing now; news, or what others knew before. */
  changed(userId: number, isNews: boolean): void
  /** Any note, of this server too. */
  heard(note: Note): void
  failed(error: unknown): void
}

type Known = Pick<Gossip, 'activity' | 'set' | 'settled'>

export interface Presence extends Known, Pick<Channel, 'tell' | 'connected'> {
  stop(): Promise<void>
}

/** Follows who is there, on all servers, and tells who is here. */
export function followPresence(options: PresenceOptions): Presence {
  const { url, name, host, uptime, changed, heard, failed } = options
  const gossip = new Gossip({
    server: randomBytes(6).toString('base64url'),
    host,
    now: uptime,
    tell: (note) => void channel.tell(note),
    changed,
  })
  const channel = openChannel({
    url,
    name,
    heard(note) {
      gossip.hear(note)
      heard(note)
    },
    connected: () => gossip.connected(),
    failed(error) {
      gossip.disconnected()
      failed(error)
    },
  })
  const timer = setInterval(() => gossip.tick(), everyMs)
  return {
    activity: (userId) => gossip.activity(userId),
    set: (userId, activity) => gossip.set(userId, activity),
    settled: () => gossip.settled(),
    tell: channel.tell,
    connected: channel.connected,
    async stop() {
      clearInterval(timer)
      if (host) gossip.leave()
      await channel.stop()
    },
  }
}
