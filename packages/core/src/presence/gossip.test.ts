import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Note, parseNote } from '../ephemeral/note.ts'
import type { Activity } from './board.ts'
import { Gossip } from './gossip.ts'

interface Server {
  gossip: Gossip
  linked: boolean
  running: boolean
  /** Does not hear what is said next. */
  deaf: boolean
  /** Of whom it was told, and whether as news. */
  news: [number, boolean][]
  own: Map<number, Activity>
}

/** Servers that hear each other as those of PostgreSQL do: at once and in order, while they are linked. */
class Town {
  now = 0
  readonly servers: Server[] = []
  sent: string[] = []

  add(host: boolean): Server {
    const server: Server = {
      linked: false,
      running: true,
      deaf: false,
      news: [],
      own: new Map(),
      gossip: new Gossip({
        server: `s${this.servers.length}`,
        host,
        now: () => this.now,
        changed: (id, isNews) => server.news.push([id, isNews]),
        tell: (note) => server.linked && this.sent.push(JSON.stringify(note)),
      }),
    }
    this.servers.push(server)
    this.link(server)
    return server
  }

  link(server: Server): void {
    server.linked = true
    server.gossip.connected()
    this.deliver()
  }

  unlink(server: Server): void {
    server.linked = false
    server.gossip.disconnected()
  }

  set(server: Server, id: number, activity: Activity | undefined): void {
    server.gossip.set(id, activity)
    if (activity === undefined) server.own.delete(id)
    else server.own.set(id, activity)
  }

  stop(server: Server): void {
    server.running = false
    server.linked = false
    server.own.clear()
  }

  deliver(): void {
    while (this.sent.length > 0) {
      const notes: Note[] = this.sent.splice(0).map((text) => {
        const note = parseNote(text)
        if (!note || text.length >= 8000) throw new Error(`not a note: ${text}`)
        return note
      })
      for (const server of this.servers) {
        const { gossip, linked, deaf } = server
        if (linked && !deaf) for (const note of notes) gossip.hear(note)
        server.deaf = false
      }
    }
  }

  wait(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += 250) {
      for (const { gossip, running } of this.servers) if (running) gossip.tick()
      this.deliver()
    }
  }

  truth(id: number): Activity | undefined {
    const all = this.servers.map(({ own }) => own.get(id))
    return all.find((one) => one === 'online') ?? all.find((one) => one === 'away')
  }
}

const at = fc.nat(3)
const person = fc.integer({ min: 1, max: 5 })
const step = fc.oneof(
  fc.record({
    does: fc.constant('set' as const),
    at,
    person,
    activity: fc.constantFrom<Activity | undefined>('online', 'away', undefined),
  }),
  fc.record({
    does: fc.constantFrom('unlink' as const, 'link' as const, 'stop' as const, 'lose' as const),
    at,
  }),
  fc.record({ does: fc.constant('start' as const) }),
  fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(250, 1000, 5000) }),
)

test('whatever happens to servers and links, in the end all know the same, and it is so', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const town = new Town()
      for (const host of [true, true, false]) town.add(host)
      for (const one of steps) {
        if (one.does === 'wait') town.wait(one.ms)
        if (one.does === 'start' && town.servers.length < 6) town.add(true)
        const server = 'at' in one ? town.servers[one.at] : undefined
        if (!server?.running) continue
        // The third has no streams.
        if (one.does === 'set' && one.at !== 2) town.set(server, one.person, one.activity)
        if (one.does === 'unlink') town.unlink(server)
        if (one.does === 'link' && !server.linked) town.link(server)
        if (one.does === 'lose') server.deaf = true
        if (one.does === 'stop') town.stop(server)
      }
      for (const server of town.servers) if (server.running && !server.linked) town.link(server)
      town.wait(120_000)
      for (const { gossip, running } of town.servers) {
        if (!running) continue
        for (let id = 1; id <= 5; id++) expect(gossip.activity(id)).toBe(town.truth(id))
      }
    }),
    { numRuns: 1000 },
  )
})

test('thousands of people fit into notifications, and a newcomer learns of all of them', () => {
  const town = new Town()
  const host = town.add(true)
  const first = Number.MAX_SAFE_INTEGER - 3000
  for (let n = 0; n < 3000; n++) town.set(host, first + n, n % 3 ? 'online' : 'away')
  town.wait(500)
  const newcomer = town.add(false)
  town.wait(2000)
  for (let n = 0; n < 3000; n++)
    expect(newcomer.gossip.activity(first + n)).toBe(n % 3 ? 'online' : 'away')
})

test('a server that crashed is answered for, so a newcomer knows whom it had, until they are gone', () => {
  const town = new Town()
  const [crashes] = [town.add(true), town.add(false)]
  town.set(crashes, 1, 'online')
  town.wait(10_000)
  town.stop(crashes)
  const next = town.add(true)
  expect(next.gossip.activity(1)).toBeUndefined()
  expect(next.gossip.settled()).toBe(false)
  town.wait(2000)
  expect(next.gossip.settled()).toBe(true)
  expect(next.gossip.activity(1)).toBe('online')
  town.wait(38_000)
  expect(next.gossip.activity(1)).toBe('online')
  town.wait(6_000)
  expect(next.gossip.activity(1)).toBeUndefined()
})

test('whom a younger server has is news, whom an older one had is not', () => {
  const town = new Town()
  const [older, looks] = [town.add(true), town.add(true)]
  town.set(older, 1, 'online')
  const younger = town.add(true)
  town.unlink(younger)
  town.set(younger, 2, 'online')
  town.link(younger)
  town.wait(1000)
  expect(looks.news.toSorted(([one], [other]) => one - other)).toEqual([
    [1, true],
    [2, true],
  ])
  const last = town.add(true)
  town.wait(1000)
  expect(last.news.toSorted(([one], [other]) => one - other)).toEqual([
    [1, false],
    [2, false],
  ])
})

test('a server that stops leaves its people the time to come back somewhere', () => {
  const town = new Town()
  const [stops, stays] = [town.add(true), town.add(true)]
  town.set(stops, 1, 'online')
  town.set(stops, 2, 'online')
  stops.gossip.leave()
  town.deliver()
  town.stop(stops)
  town.wait(29_000)
  town.set(stays, 2, 'online')
  expect([1, 2].map((id) => stays.gossip.activity(id))).toEqual(['online', 'online'])
  town.wait(2_000)
  expect([1, 2].map((id) => stays.gossip.activity(id))).toEqual([undefined, 'online'])
})
