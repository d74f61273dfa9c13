import { type Endpoint, endpoints } from '@parley/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostileJson, hostileText, unknownFields } from './hostile.ts'
import { judge, watchTables } from './judge.ts'
import { type ChatServer, startChat } from './kit.ts'
import {
  type Request,
  fitsInPath,
  formsOf,
  insidersToken,
  isDestructive,
  isValid,
  tokenFor,
  validRequest,
} from './request.ts'
import { fieldsOf } from './shape.ts'
import { type World, makeWorld } from './world.ts'

/** Forms are no JSON: their tests are the server’s. */
const all = Object.entries<Endpoint>(endpoints).filter(([, { form }]) => !form)

let server: ChatServer
let world: World
let client: pg.Client
let contents: () => Promise<unknown[]>
beforeAll(async () => {
  server = await startChat()
  world = await makeWorld(server)
  client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  contents = await watchTables(client)
})
afterAll(async () => {
  await client.end()
  await server.stop()
})

/** A valid request, and each that differs from it in one place. */
function* variations(endpoint: Endpoint): Generator<Request> {
  for (const form of formsOf(endpoint)) {
    const valid = validRequest(world, endpoint, form)
    yield valid
    const { params, query, body } = valid
    const without = ([name]: [string, unknown], other: string) => name !== other
    for (const { name, schema } of fieldsOf(endpoint.params))
      for (const text of hostileText(schema).filter(fitsInPath))
        yield { ...valid, params: { ...params, [name]: text } }
    for (const { name, schema, required } of fieldsOf(endpoint.query)) {
      const rest = query.filter((pair) => without(pair, name))
      for (const text of hostileText(schema)) yield { ...valid, query: [...rest, [name, text]] }
      for (const odd of [`${name}[]`, `${name}[$ne]`, `${name}.x`, name.toUpperCase()])
        yield { ...valid, query: [...query, [odd, '1']] }
      yield { ...valid, query: [...rest, [name, '1'], [name, '2']] }
      if (required) yield { ...valid, query: rest }
    }
    for (const name of [...unknownFields, '__proto__', '__proto__[polluted]', '', '\0'])
      if (fieldsOf(endpoint.query).every((field) => field.name !== name))
        yield { ...valid, query: [...query, [name, '1']] }
    if (endpoint.method === 'GET') continue
    const fields = fieldsOf(form)
    for (const { name, schema, required } of fields) {
      for (const json of hostileJson(schema)) yield { ...valid, body: { ...body, [name]: json } }
      const rest = Object.entries(body ?? {}).filter((pair) => without(pair, name))
      if (required) yield { ...valid, body: Object.fromEntries(rest) }
    }
    for (const name of unknownFields)
      if (fields.every((field) => field.name !== name))
        yield { ...valid, body: { ...body, [name]: '1' } }
  }
}

const served = new Set<string>()
let sent = 0
let places = 0

describe.each(all)('%s', (name, endpoint) => {
  test('IN-01, IN-02, IN-04, IN-05, IN-06: takes what the contract takes, refuses the rest and changes nothing then', async () => {
    const requests = [...variations(endpoint)]
    const good = requests.filter(isValid)
    const bad = requests.filter((request) => !isValid(request))
    let before = await contents()
    let mostCpu = 0
    for (const request of bad) {
      const { cpuMs } = await judge(server.url, insidersToken(world, endpoint), request)
      mostCpu = Math.max(mostCpu, cpuMs)
    }
    expect(await contents()).toEqual(before)
    expect(mostCpu).toBeLessThan(1000)
    const token = tokenFor(world, endpoint)
    for (const request of good) {
      const { status } = await judge(server.url, token, request)
      if (status < 300) served.add(name)
      // Reading changes nothing, however it ends: that is asked once.
      if (endpoint.method === 'GET') continue
      const after = await contents()
      if (status < 300) before = after
      expect(after).toEqual(before)
    }
    expect(await contents()).toEqual(before)
    const fields = [endpoint.params, endpoint.query, ...formsOf(endpoint)].flatMap(fieldsOf)
    places += fields.length
    sent += requests.length
  }, 120_000)
})

test('refusals were for the one wrong place: the rest of each request is served', async () => {
  const never = all.filter(([name, endpoint]) => !served.has(name) && !isDestructive(endpoint))
  // The last owner of others’ workspace cannot go, there is no mail and no provider, codes and links are of
  // the moment, and nobody has a passkey.
  expect(never.map(([name]) => name)).toEqual([
    'confirmSignUp',
    'eraseMe',
    'requestReset',
    'resetPassword',
    'linkOpenid',
    'confirmByOpenid',
    'confirmTotp',
    'renewRecoveryCodes',
    'signInSecond',
    'addPasskey',
    'renamePasskey',
    'signInByPasskey',
    'beginSecondByPasskey',
    'signInSecondByPasskey',
    'beginConfirmByPasskey',
    'confirmMeByPasskey',
    'setUp',
  ])
  // One for each value that a field was filled with; a table of values that is empty proves nothing.
  expect(sent).toBeGreaterThan(places * 30)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})
