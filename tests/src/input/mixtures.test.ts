import { type Endpoint, endpoints } from '@parley/contract'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileJson, hostileText } from './hostile.ts'
import { judge, watchTables } from './judge.ts'
import { type ChatServer, startChat } from './kit.ts'
import {
  type Request,
  fitsInPath,
  formsOf,
  insidersToken,
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

/** Any endpoint, with any number of wrong places at once, and JSON that nobody thought of. */
const requests = () =>
  fc
    .record({
      at: fc.nat(),
      form: fc.nat(),
      choices: fc.infiniteStream(fc.nat()),
      junk: fc.infiniteStream(
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
        ),
      ),
      mutate: fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      extra: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })),
    })
    .map(({ at, form, choices, junk, mutate, extra }) => {
      const [, endpoint] = all[at % all.length] ?? all[0] ?? []
      if (!endpoint) throw new Error('no endpoints')
      const forms = formsOf(endpoint)
      const shape = forms[form % forms.length]
      const request = validRequest(world, endpoint, shape)
      const pick = <T>(list: T[]): T | undefined => list[choices.next().value % list.length]
      const isHit = () => mutate.next().value === 0
      const params = { ...request.params }
      for (const { name, schema } of fieldsOf(endpoint.params))
        if (isHit()) params[name] = pick(hostileText(schema).filter(fitsInPath)) ?? '0'
      const query = fieldsOf(endpoint.query).flatMap(({ name, schema }): [string, string][] => [
        ...request.query.filter(([known]) => known === name),
        ...(isHit() ? [[name, pick(hostileText(schema)) ?? ''] satisfies [string, string]] : []),
      ])
      const body = request.body && { ...request.body }
      for (const { name, schema } of fieldsOf(shape))
        if (body && isHit())
          body[name] = (isHit() ? pick(hostileJson(schema)) : junk.next().value) ?? ''
      if (body && extra !== null) body[extra] = '1'
      return { ...request, params, query, body } satisfies Request
    })

test('IN-01: any mixture of wrong places is refused like one, whatever it is', async () => {
  // On failure fast-check prints the seed and the smallest case it found.
  await fc.assert(
    fc.asyncProperty(requests(), async (request) => {
      const valid = isValid(request)
      const whose = valid ? tokenFor : insidersToken
      const token = whose(world, request.endpoint)
      const before = await contents()
      const { status } = await judge(server.url, token, request)
      const after = status < 300 ? before : await contents()
      expect(after).toEqual(before)
    }),
    { numRuns: 500, interruptAfterTimeLimit: 30_000 },
  )
}, 60_000)
