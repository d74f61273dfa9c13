import type { Event, Me } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { type Client, type State, type Stream, fromBootstrap, reduce } from '@parley/sdk'

/** Somebody with an open stream: what reached them, in order, and the state that it makes. */
export interface Person {
  client: Client
  me: Me
  events: Event[]
  resyncs: string[]
  state(): State
  stream: Stream
}

const password = 'correct horse battery staple'

/** Signs up; the first one of a workspace founds it open, so that the others join by its name. */
export async function signUp(client: Client, username: string, workspace?: string): Promise<Me> {
  const body = { username, email: `${username}@example.org`, password }
  const { user } = await client.signUp({
    body: workspace === undefined ? body : { ...body, workspace },
  })
  return user
}

/** Opens the stream of whoever is signed in, from a fresh bootstrap. */
export async function follow(client: Client): Promise<Person> {
  const bootstrap = await client.getBootstrap()
  let state = fromBootstrap(bootstrap)
  const events: Event[] = []
  const resyncs: string[] = []
  const stream = client.stream({
    from: bootstrap,
    onEvent(event) {
      events.push(event)
      state = reduce(state, event)
    },
    async onResync(reason) {
      resyncs.push(reason)
      const fresh = await client.getBootstrap()
      state = fromBootstrap(fresh)
      return fresh
    },
    timing: { minMs: 20, maxMs: 300 },
  })
  await until(() => stream.state().state === 'live', { what: 'a live stream' })
  return { client, me: bootstrap.me, events, resyncs, state: () => state, stream }
}
