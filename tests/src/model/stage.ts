import { codesOf } from '@parley/contract'
import { type Client, ParleyError, createClient } from '@parley/sdk'
import { type Session, accountsOn } from '../stack/accounts.ts'
import { type Person as Follower, follow } from '../stack/people.ts'
import { type Proxy, startProxy } from '../stack/proxy.ts'
import type { Stack } from '../stack/servers.ts'
import type { Caller } from './actions/attempt.ts'
import { type Person, type World, newPerson } from './world/world.ts'

/** Somebody on the real servers: a way in by each chat-server, and a stream that can be cut. */
export interface Actor {
  callers: readonly Caller[]
  follower: Follower
  proxy: Proxy
}

/** Fresh people on the servers of the file, and what they have done so far. */
export interface Stage {
  stack: Stack
  actors: ReadonlyMap<Person, Actor>
  transcript: string[]
  /** A further session of somebody; its refresh token ends it. */
  signIn(person: Person): Promise<Session>
  close(): Promise<void>
}

const names = ['ann', 'bob', 'cid', 'dee'] as const
let stages = 0

/** A refusal that the contract does not name is a fault, whatever else comes of it. */
function watched(client: Client): Client {
  const request: Client['request'] = async (endpoint, ...args) => {
    try {
      return await client.request(endpoint, ...args)
    } catch (error) {
      const codes: readonly string[] = codesOf(endpoint)
      if (!(error instanceof ParleyError) || codes.includes(error.code)) throw error
      throw new Error(`${endpoint.method} ${endpoint.path} is not to answer ${error.code}`, {
        cause: error,
      })
    }
  }
  return { ...client, request }
}

/** Opens a stage and the world that goes with it: four people, each with an open stream. */
export async function openStage(stack: Stack): Promise<{ stage: Stage; world: World }> {
  const accounts = await accountsOn(stack)
  const signIn = ({ id }: Person) => accounts.signIn(id)
  const tag = `z${++stages}z`
  const people: Person[] = []
  for (const name of names) {
    const username = `${name}_${tag}`
    people.push(newPerson(name, await accounts.signUp(username), username))
  }
  const world: World = {
    people,
    workspaces: [],
    chats: [],
    messages: [],
    invites: [],
    texts: 0,
    tag,
  }
  const begin = async (person: Person, n: number): Promise<[Person, Actor]> => {
    const { token } = await signIn(person)
    const proxy = await startProxy(stack.eventsUrls[n % stack.eventsUrls.length] ?? '')
    const eventsUrl = `http://127.0.0.1:${proxy.port}/events`
    const callers = stack.chatUrls.map((url) => ({
      url,
      client: watched(createClient({ url, eventsUrl, token })),
    }))
    const client = callers[n % callers.length]?.client
    if (!client) throw new Error('there is no chat-server')
    return [person, { callers, proxy, follower: await follow(client) }]
  }
  const actors = new Map(await Promise.all(people.map(begin)))
  return { world, stage: { stack, actors, transcript: [], signIn, close: () => close(actors) } }
}

async function close(actors: ReadonlyMap<Person, Actor>): Promise<void> {
  for (const { follower, proxy } of actors.values()) {
    follower.stream.close()
    await proxy.stop()
  }
}

export function actorOf({ actors }: Stage, person: Person): Actor {
  const actor = actors.get(person)
  if (!actor) throw new Error(`${person.name} is not on the stage`)
  return actor
}

/** Somebody's way in by the n-th chat-server. */
export function callerOf(stage: Stage, person: Person, n: number): Caller {
  const { callers } = actorOf(stage, person)
  const caller = callers[n % callers.length]
  if (!caller) throw new Error('there is no chat-server')
  return caller
}
