import { type Endpoint, endpoints } from '@parley/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchTables } from '../input/judge.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { type Answer, call } from './call.ts'
import { type Actor, type Cast, actors, castOn, nobodies } from './cast.ts'
import { type Entry, type Expected, hidden } from './entry.ts'
import { type Kind, type Place, type Places, absent, placesOn, withoutFiles } from './places.ts'
import { secretsOf } from './secrets.ts'
import { table } from './table.ts'
import { requestOf } from './wish.ts'

let stack: Stack
let cast: Cast
let places: Places
let client: pg.Client
let contents: () => Promise<unknown[]>
beforeAll(async () => {
  stack = await startStack()
  cast = await castOn(stack)
  places = await placesOn(stack.sql, cast)
  client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  contents = await watchTables(client)
})
afterAll(async () => {
  await client.end()
  await stack.stop()
})

let cells = 0
let byteIdentical = 0

const outcomeOf = (expected: Expected): string =>
  typeof expected === 'string' ? expected : expected.unknown

/** One call as the table says, and beside it what is told of ids that do not exist. */
async function expectCell(endpoint: Endpoint, entry: Entry, place: Place, actor: Actor) {
  const expected = entry.expected(place.kind, actor)
  const ask = (at: Place, people = cast): Promise<Answer> =>
    call(stack.chatUrls[0] ?? '', requestOf(endpoint, entry, at, cast, actor, people))
  const answer = await ask(place)
  cells++
  expect(answer.outcome).toBe(outcomeOf(expected))
  // Administrators are told who there is and what was done, but nothing that was written.
  const administers = endpoint.auth === 'admin' && actor === 'administrator'
  const secrets = administers ? place.canaries : secretsOf(place, cast, actor)
  for (const secret of secrets) expect(answer.body).not.toContain(secret)
  if (typeof expected === 'string') return
  byteIdentical++
  const other = expected === hidden ? absent(place) : withoutFiles(place)
  expect(answer.bytes).toBe((await ask(other, nobodies(cast))).bytes)
}

async function expectKind(endpoint: Endpoint, entry: Entry, kind: Kind): Promise<void> {
  const shared = await places.open(kind)
  const passes = (actor: Actor) => outcomeOf(entry.expected(kind, actor)).startsWith('2')
  const told = async (place: Place, actor: Actor) => {
    try {
      await expectCell(endpoint, entry, place, actor)
    } catch (error) {
      const asked = JSON.stringify(entry.wish(place, cast))
      throw new Error(`${endpoint.method} ${endpoint.path} ${asked} by ${actor} in ${kind}`, {
        cause: error,
      })
    }
  }
  const before = await contents()
  for (const actor of actors) if (!passes(actor)) await told(shared, actor)
  expect(await contents()).toEqual(before)
  for (const actor of actors) {
    if (!passes(actor)) continue
    // What a call may change, the next one needs as it was.
    const place = endpoint.method === 'GET' ? shared : await places.open(kind)
    await told(place, actor)
    await places.close(place)
  }
}

const rows = Object.entries<readonly Entry[]>(table).map(([name, entries]) => {
  const shown = entries.flatMap(({ shows }) => shows?.split(', ') ?? [])
  return [[...new Set(['AZ-01', ...shown])].join(', '), name, entries] as const
})
const byName = new Map(Object.entries<Endpoint>(endpoints))

test.each(rows)('%s: %s answers each actor as the table says', async (_cases, name, entries) => {
  const endpoint = byName.get(name)
  if (!endpoint) throw new Error(`the contract has no ${name}`)
  for (const entry of entries) {
    for (const kind of entry.kinds) await expectKind(endpoint, entry, kind)
  }
})

test('AZ-01: the table has a cell for each endpoint, kind of place and actor', () => {
  const expected = rows.flatMap(([, , entries]) => entries.flatMap(({ kinds }) => kinds))
  process.stdout.write(
    `Access matrix: ${rows.length} endpoints, ${cells} cells, ${byteIdentical} of them compared byte by byte with what does not exist.\n`,
  )
  expect(cells).toBe(expected.length * actors.length)
})
