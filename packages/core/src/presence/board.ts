import type { People } from '../ephemeral/note.ts'

/** What somebody does who is there. */
export type Activity = 'online' | 'away'

/** The people at the streams of one server, as it told. */
interface Peer {
  /** Its last change that we know. */
  n: number
  people: Map<number, Activity>
  /** A digest, as far as its parts have come. */
  coming: Map<number, Activity>
  nextPart: number
  expiresAt: number
  heardAt: number
}

type Part = NonNullable<People['part']>

/** All the people of one server. */
export interface Crowd {
  server: string
  n: number
  people: ReadonlyMap<number, Activity>
  /** For how long it holds, in milliseconds. */
  leaseMs: number
}

export interface BoardOptions {
  /** In milliseconds, by a clock that nobody sets. */
  now: () => number
  /** What is known of somebody may be another thing now: by a digest, or as news. */
  changed(userId: number, isNews: boolean): void
  /** Something that a server said is missing. */
  incomplete(): void
}

/** Who is where, put together from what servers say of their own streams. */
export class Board {
  readonly #peers = new Map<string, Peer>()
  readonly #options: BoardOptions

  constructor(options: BoardOptions) {
    this.#options = options
  }

  /** Whoever is at one device is online. Undefined for those who are nowhere. */
  activity(userId: number): Activity | undefined {
    let found: Activity | undefined
    for (const { people } of this.#peers.values()) {
      const activity = people.get(userId)
      if (activity === 'online') return activity
      found = activity ?? found
    }
    return found
  }

  /** `isNews`: a digest too tells what was not so before. */
  hear(note: People, isNews = false): void {
    const now = this.#options.now()
    const peer = this.#peers.get(note.server) ?? this.#meet(note.server)
    peer.heardAt = now
    peer.expiresAt = now + note.lease_ms
    if (note.part !== undefined) return this.#collect(peer, note, note.part, isNews)
    const moved = note.online.length + note.away.length + note.gone.length > 0
    if (note.n !== peer.n + Number(moved)) this.#options.incomplete()
    peer.n = note.n
    for (const id of note.online) this.#put(peer, id, 'online')
    for (const id of note.away) this.#put(peer, id, 'away')
    for (const id of note.gone) this.#put(peer, id, undefined)
  }

  /** Forgets the servers that have not been heard of for too long. */
  expire(): void {
    const now = this.#options.now()
    for (const [server, { people, expiresAt }] of this.#peers) {
      if (now < expiresAt) continue
      this.#peers.delete(server)
      for (const id of people.keys()) this.#options.changed(id, true)
    }
  }

  /** Whoever was listened to anew has at least so many milliseconds to be heard. */
  extend(ms: number): void {
    const least = this.#options.now() + ms
    for (const peer of this.#peers.values()) peer.expiresAt = Math.max(peer.expiresAt, least)
  }

  /** The servers that said nothing since then, and for how long they still count. */
  silentSince(at: number): Crowd[] {
    const now = this.#options.now()
    return [...this.#peers]
      .filter(([, { heardAt, people }]) => heardAt < at && people.size > 0)
      .map(([server, { n, people, expiresAt }]) => ({
        server,
        n,
        people,
        leaseMs: Math.max(0, Math.round(expiresAt - now)),
      }))
  }

  #meet(server: string): Peer {
    const peer = {
      n: 0,
      people: new Map(),
      coming: new Map(),
      nextPart: 0,
      expiresAt: 0,
      heardAt: 0,
    }
    this.#peers.set(server, peer)
    return peer
  }

  #collect(peer: Peer, note: People, { at, of }: Part, isNews: boolean): void {
    if (at === 0) peer.coming = new Map()
    else if (at !== peer.nextPart) return this.#options.incomplete()
    peer.nextPart = at + 1
    for (const id of note.online) peer.coming.set(id, 'online')
    for (const id of note.away) peer.coming.set(id, 'away')
    if (peer.nextPart < of) return
    const before = peer.people
    peer.people = peer.coming
    peer.coming = new Map()
    peer.nextPart = 0
    peer.n = note.n
    for (const id of new Set([...before.keys(), ...peer.people.keys()])) {
      if (before.get(id) !== peer.people.get(id)) this.#options.changed(id, isNews)
    }
  }

  #put(peer: Peer, id: number, activity: Activity | undefined): void {
    if (peer.people.get(id) === activity) return
    if (activity === undefined) peer.people.delete(id)
    else peer.people.set(id, activity)
    this.#options.changed(id, true)
  }
}
