import {
  type Client,
  type State,
  type Stream,
  comparable,
  fromBootstrap,
  recount,
  reduce,
} from '@parley/sdk'
import type { Recorder } from '../history/recorder.ts'
import { eventSeen } from './seen.ts'

/** Somebody who follows the events by the SDK, and keeps the state that they make. */
export interface Reader {
  readonly name: string
  readonly user: number
  readonly session: number
  readonly stream: Stream
  state(): State
  /** How far it is in a topic. */
  seqOf(topic: string): number
  live(): boolean
  /** Where its state and a fresh bootstrap do not agree. */
  differences(): Promise<string[]>
}

/** Short waits: a run lasts seconds. */
const timing = { minMs: 50, maxMs: 1000, heartbeatMs: 15_000, connectMs: 4000 }

export interface ReaderOptions {
  name: string
  user: number
  session: number
  client: Client
  recorder: Recorder
}

/** Begins with a bootstrap; returns before the stream is live. */
export async function openReader(options: ReaderOptions): Promise<Reader> {
  const { name, user, client, recorder } = options
  const begin = async (reason: string) => {
    const bootstrap = await client.getBootstrap()
    const topics = Object.fromEntries(bootstrap.topics.map((one) => [one.topic, one.last_seq]))
    recorder.record({ type: 'began', reader: name, user, reason, topics })
    state = fromBootstrap(bootstrap)
    return bootstrap
  }
  let state: State
  const bootstrap = await begin('start')
  const stream = client.stream({
    from: bootstrap,
    timing,
    onResync: begin,
    onEvent(event) {
      recorder.record({ type: 'delivered', reader: name, ...eventSeen(event) })
      state = reduce(state, event)
    },
  })
  stream.done.catch(() => undefined)
  return {
    name,
    user,
    session: options.session,
    stream,
    state: () => state,
    seqOf(topic) {
      const chat = topic.startsWith('chat:') && state.chats.get(Number(topic.slice(5)))
      return chat ? chat.last_seq : (state.topics.get(topic) ?? 0)
    },
    live: () => stream.state().state === 'live',
    async differences() {
      for (const id of state.doubtful) {
        state = recount(state, await client.getChat({ params: { id } }))
      }
      return differences(state, fromBootstrap(await client.getBootstrap()))
    },
  }
}

function differences(kept: State, fresh: State): string[] {
  const [mine, theirs] = [comparable(kept), comparable(fresh)]
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)} is ${JSON.stringify(b)}`)
  }
  compare('me', mine.me, theirs.me)
  compare('workspaces', mine.workspaces, theirs.workspaces)
  compare('users', mine.users, theirs.users)
  for (const { id } of [...mine.chats, ...theirs.chats]) {
    const of = (chats: typeof mine.chats) => chats.find((chat) => chat.id === id)
    compare(`chat ${id}`, of(mine.chats), of(theirs.chats))
  }
  return [...new Set(found)]
}
