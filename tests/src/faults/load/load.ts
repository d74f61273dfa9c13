import { createClient } from '@parley/sdk'
import { type ChatName, type Cluster, chatNames, notifyNames } from '../cluster/cluster.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Random } from '../random.ts'
import { type Caller, createCaller } from './caller.ts'
import { move } from './mover.ts'
import { type Person, type Session, addressOf, signInAgain, signUp } from './people.ts'
import { type Places, makePlaces } from './places.ts'
import { type Reader, openReader } from './reader.ts'
import { streamUrl, tapped } from './tap.ts'
import { write } from './writer.ts'

/** The people of a run, what they do and what they see. */
export interface Load {
  people: readonly [Person, ...Person[]]
  places: Places
  /** Every reader that is still expected to get everything. */
  readers: Reader[]
  call: Caller
  /** Another session of somebody, with a stream of its own; `slow` takes it through the side links. */
  openReader(person: Person, session: Session, name: string, slow?: boolean): Promise<Reader>
  signInAgain(person: Person, servers?: readonly ChatName[]): Promise<Session>
  /** Begins the work. */
  begin(): void
  /** No new work; resolves when all that was begun has ended. */
  end(): Promise<void>
  close(): void
}

export interface LoadOptions {
  cluster: Cluster
  recorder: Recorder
  random: Random
  clients: number
}

/** The pause of one writer between two actions, in milliseconds. */
const writerPauseMs = [40, 140] as const
const moverPauseMs = [150, 500] as const

export async function prepareLoad(options: LoadOptions): Promise<Load> {
  const { cluster, recorder, random, clients } = options
  const people = await makePeople(cluster, clients)
  const [owner] = people
  const ownerClient = createClient({
    url: addressOf(cluster, chatNames[0]),
    token: owner.main.token,
  })
  const places = await makePlaces(ownerClient, people)
  const ending = new AbortController()
  const call = createCaller({ recorder, until: ending.signal })
  const readers: Reader[] = []
  let working: Promise<void>[] = []

  function readerOf(person: Person, session: Session, name: string, slow = false): Promise<Reader> {
    const draw = random.fork(name)
    const fetch = tapped({
      recorder,
      reader: name,
      user: person.id,
      session: session.id,
      nextStream() {
        const server = draw.pick(notifyNames)
        return { server, port: (slow ? cluster.side : cluster.front)[server].port }
      },
      nextCall: () => cluster.front[draw.pick(chatNames)].port,
    })
    const client = createClient({
      url: addressOf(cluster, chatNames[0]),
      eventsUrl: streamUrl,
      token: session.token,
      fetch,
      timeoutMs: 5000,
      retry: { minMs: 50, maxMs: 500 },
    })
    return openReader({ name, user: person.id, session: session.id, client, recorder })
  }

  for (const person of people) readers.push(await readerOf(person, person.main, person.name))
  return {
    people,
    places,
    readers,
    call,
    openReader: readerOf,
    signInAgain: (person, servers) => signInAgain(cluster, person, servers),
    begin() {
      const until = ending.signal
      const { hall, secret, recent, single } = places
      working = people.map((person, at) =>
        write({
          person,
          chats: at < 2 ? [hall, secret, recent, single] : [hall, secret, recent],
          call,
          random: random.fork(`writer ${person.name}`),
          pauseMs: writerPauseMs,
          until,
        }),
      )
      const [first, ...rest] = people.slice(2)
      if (!first) throw new Error('a run needs three people at least')
      working.push(
        move({
          owner,
          people: [first, ...rest],
          chats: [secret, recent],
          call,
          random: random.fork('mover'),
          pauseMs: moverPauseMs,
          until,
        }),
      )
    },
    async end() {
      ending.abort()
      await Promise.all(working)
    },
    close() {
      for (const { stream } of readers) stream.close()
    },
  }
}

async function makePeople(cluster: Cluster, count: number): Promise<[Person, ...Person[]]> {
  const owner = await signUp(cluster, 'p0', 'Acme')
  const client = createClient({ url: addressOf(cluster, chatNames[0]), token: owner.main.token })
  const id = (await client.listWorkspaces()).workspaces[0]?.id ?? 0
  await client.updateWorkspace({ params: { id }, body: { join_policy: 'open' } })
  const others: Person[] = []
  for (let n = 1; n < count; n++) others.push(await signUp(cluster, `p${n}`, 'Acme'))
  return [owner, ...others]
}
