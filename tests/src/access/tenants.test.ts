import { type Endpoint, endpoints } from '@parley/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchTables } from '../input/judge.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { type Asked, call } from './call.ts'
import { type Cast, castOn, nobodies, nowhere } from './cast.ts'
import type { Entry } from './entry.ts'
import { type Kind, type Place, type Places, absent, placesOn } from './places.ts'
import { table } from './table.ts'
import { requestOf } from './wish.ts'

let stack: Stack
let here: { cast: Cast; places: Places }
let there: { cast: Cast; places: Places }
let client: pg.Client
let contents: () => Promise<unknown[]>
beforeAll(async () => {
  stack = await startStack()
  const tenant = async (tag: string) => {
    const cast = await castOn(stack, tag)
    return { cast, places: await placesOn(stack.sql, cast) }
  }
  here = await tenant('_here')
  there = await tenant('_there')
  client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  contents = await watchTables(client)
})
afterAll(async () => {
  await client.end()
  await stack.stop()
})

/** One's own place, with all that is in it of another tenant's. */
const mixed = (own: Place, foreign: Place): Place => ({
  ...foreign,
  kind: own.kind,
  chat: own.chat,
  workspace: own.workspace,
})

interface Try {
  name: string
  endpoint: Endpoint
  entry: Entry
  kind: Kind
}
const entries: Record<string, readonly Entry[]> = table
const tries = Object.entries<Endpoint>(endpoints).flatMap(([name, endpoint]) =>
  (entries[name] ?? []).flatMap((entry) =>
    entry.kinds.map((kind): Try => ({ name, endpoint, entry, kind })),
  ),
)

/** Nothing comes of what is tried, so a place serves for all. */
const opened = new Map<Kind, Promise<[own: Place, foreign: Place]>>()

/** The owner's call in their own place with the ids of a tenant, and of none. */
async function requests({ endpoint, entry, kind }: Try) {
  const both = opened.get(kind) ?? Promise.all([here.places.open(kind), there.places.open(kind)])
  opened.set(kind, both)
  const [own, foreign] = await both
  const { owner } = here.cast
  const nothing = { ...absent(foreign), message: nowhere, seq: foreign.seq }
  const to = (place: Place, cast: Cast) =>
    requestOf(
      endpoint,
      entry,
      mixed(own, place),
      { ...cast, owner: { ...cast.owner, token: owner.token } },
      'owner',
    )
  return [to(foreign, there.cast), to(nothing, nobodies(there.cast))] as const
}

/** Calls of several ids leave out what one may not see, which the matrix shows. */
const isBulk = ({ method, path }: Endpoint): boolean => method === 'GET' && !path.includes(':')

/** Whoever holds a code has what it gives. */
const isHeld = ({ path }: Endpoint): boolean => path.startsWith('/api/invites/')

/** Names that nobody has are new each time. */
const same = (...both: [Asked, Asked]): boolean => {
  const [one, other] = both.map((asked) => JSON.stringify(asked).replace(/fresh\d+/g, 'fresh'))
  return one === other
}

const names = Object.entries<Endpoint>(endpoints).flatMap(([name, endpoint]) =>
  isBulk(endpoint) || isHeld(endpoint) ? [] : [name],
)
const differing = new Set<string>()

test.each(names)(
  'AZ-05, AZ-20: in one’s own place %s takes a tenant’s ids for ids of nothing',
  async (name) => {
    for (const attempt of tries.filter((one) => one.name === name)) {
      const [foreign, nothing] = await requests(attempt)
      if (same(foreign, nothing)) continue
      const url = stack.chatUrls[0] ?? ''
      const before = await contents()
      const answer = await call(url, foreign)
      expect(answer.bytes).toBe((await call(url, nothing)).bytes)
      // To remove somebody who is not in is 200, and nothing happens.
      expect(answer.outcome).toMatch(/^(?:200|404 not_found|422 unknown_\w+|422 fixed_chat)$/)
      expect(await contents()).toEqual(before)
      differing.add(name)
    }
  },
)

test('AZ-20: every call that takes a second id was among them', () => {
  expect([...differing]).toEqual(
    expect.arrayContaining([
      'getMessage',
      'editMessage',
      'deleteMessage',
      'sendMessage',
      'listMessages',
      'putChatMember',
      'removeChatMember',
      'updateChat',
      'updateWorkspaceMember',
      'removeWorkspaceMember',
      'revokeInvite',
    ]),
  )
})
