import type { Note } from '../ephemeral/note.ts'
import { type Activity, Board } from './board.ts'
import { changesOf, digestOf, signOfLife } from './people-notes.ts'

/** How long somebody still counts as there whose last stream has ended, in milliseconds. */
export const graceMs = 30_000
/** How long a server may say nothing before its people count as gone from it; the grace comes on top. */
const leaseMs = 15_000 + graceMs
/** How often a server gives a sign of life, in milliseconds. */
const everyMs = 5_000
/** How long a server has to answer a newcomer by itself, before others do it in its place. */
const patienceMs = 1_000
/** Until a newcomer has heard all that others know, in milliseconds. */
const settleMs = 2 * patienceMs
/** The shortest time between two digests, and between two questions, in milliseconds. */
const restMs = 1_000

export interface GossipOptions {
  /** Another one at each start. */
  server: string
  /** Whether the server has streams, and people at them. */
  host: boolean
  now: () => number
  tell(note: Note): void
  changed(userId: number, isNews: boolean): void
}

/** What servers say to each other of who is there. Nothing of it is kept, and none of it is a table. */
export class Gossip {
  readonly #options: GossipOptions
  readonly #board: Board
  readonly #own = new Map<number, Activity>()
  /** What is still to be said of them; undefined stands for those who are gone. */
  #changes = new Map<number, Activity | undefined>()
  /** Changes that were said. */
  #n = 0
  #linked = false
  #settlesAt = Infinity
  #asking = false
  #askedAt = -Infinity
  #digestDue = false
  #digestAt = -Infinity
  #saidAt = -Infinity
  /** Servers that began after this one: what they have is news, also as long as this one only listens. */
  readonly #younger = new Set<string>()
  /** When a newcomer said hello, if others have not been answered for. */
  #helloAt: number | undefined

  constructor(options: GossipOptions) {
    this.#options = options
    const { now, changed } = options
    this.#board = new Board({ now, changed, incomplete: () => (this.#asking = true) })
  }

  activity(userId: number): Activity | undefined {
    const here = this.#own.get(userId)
    return here === 'online' ? here : (this.#board.activity(userId) ?? here)
  }

  /** Somebody at this server is there, or is not. */
  set(userId: number, activity: Activity | undefined): void {
    if (this.#own.get(userId) === activity) return
    if (activity === undefined) this.#own.delete(userId)
    else this.#own.set(userId, activity)
    this.#changes.set(userId, activity)
    this.#options.changed(userId, true)
  }

  hear(note: Note): void {
    const { server, host, now } = this.#options
    if (note.kind === 'people' && note.server !== server)
      this.#board.hear(note, this.#younger.has(note.server))
    if (note.kind !== 'hello' || note.server === server) return
    if (!this.settled()) this.#younger.add(note.server)
    this.#digestDue = host
    this.#helloAt = now()
  }

  connected(): void {
    const { host, now } = this.#options
    this.#linked = true
    this.#settlesAt = Math.min(this.#settlesAt, now() + settleMs)
    this.#board.extend(leaseMs)
    this.#ask()
    // The digest says the changes too; by the number it shows who did not hear it.
    if (this.#changes.size > 0) this.#n++
    this.#changes = new Map()
    if (host) this.#sayAll()
  }

  disconnected(): void {
    this.#linked = false
  }

  /** Whether all was heard that others know. */
  settled(): boolean {
    return this.#options.now() >= this.#settlesAt
  }

  /** To be called some times a second. */
  tick(): void {
    // Whoever hears nobody does not know who is gone.
    if (!this.#linked) return
    const { host, now } = this.#options
    const time = now()
    this.#board.expire()
    if (this.#changes.size > 0) this.#sayChanges()
    if (this.#digestDue && time - this.#digestAt >= restMs) this.#sayAll()
    if (this.#asking && time - this.#askedAt >= restMs) this.#ask()
    this.#answerForOthers(time)
    if (host && time - this.#saidAt >= everyMs) this.#sayNothing(leaseMs)
  }

  /** This server ends; where its people go will show. */
  leave(): void {
    if (this.#changes.size > 0) this.#sayChanges()
    this.#sayNothing(graceMs)
  }

  #ask(): void {
    const { server, now, tell } = this.#options
    this.#asking = false
    this.#askedAt = now()
    tell({ kind: 'hello', server })
  }

  #sayAll(): void {
    const { server, now, tell } = this.#options
    this.#digestDue = false
    this.#digestAt = this.#saidAt = now()
    for (const note of digestOf({ server, n: this.#n, people: this.#own, leaseMs })) tell(note)
  }

  #sayChanges(): void {
    const { server, now, tell } = this.#options
    const notes = changesOf(server, this.#n, this.#changes, leaseMs)
    this.#changes = new Map()
    this.#n += notes.length
    this.#saidAt = now()
    for (const note of notes) tell(note)
  }

  #sayNothing(leaseMs: number): void {
    const { server, now, tell } = this.#options
    this.#saidAt = now()
    tell(signOfLife(server, this.#n, leaseMs))
  }

  /** A newcomer cannot hear from a server that is gone who was there a moment ago. */
  #answerForOthers(time: number): void {
    const since = this.#helloAt
    if (since === undefined || time - since < patienceMs) return
    this.#helloAt = undefined
    for (const crowd of this.#board.silentSince(since)) {
      for (const note of digestOf(crowd)) this.#options.tell(note)
    }
  }
}
