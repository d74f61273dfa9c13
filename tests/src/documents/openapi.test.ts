import { type Endpoint, endpoints, ephemerals, events, signals } from '@parley/contract'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from '../input/kit.ts'
import { isObject } from '../input/shape.ts'

let server: ChatServer
let text: string
let document: Record<string, unknown>
beforeAll(async () => {
  server = await startChat()
  text = await (await fetch(`${server.url}/api/openapi.json`)).text()
  const value: unknown = JSON.parse(text)
  document = isObject(value) ? value : {}
})
afterAll(() => server.stop())

/** What lies in the document under these names, or undefined. */
const at = (...names: string[]): unknown =>
  names.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), document)

const keys = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : [])

test('it is OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test.for(Object.entries<Endpoint>(endpoints))(
  'it describes %s as the contract does',
  ([name, endpoint]) => {
    const path = endpoint.path.replace(/:([a-z_]+)/g, '{$1}')
    const operation = at('paths', path, endpoint.method.toLowerCase())
    expect(operation).toMatchObject({
      operationId: name,
      summary: endpoint.summary,
      security: endpoint.auth === 'access' ? [{ access_token: [] }] : [],
    })
    const statuses = keys(isObject(operation) && operation['responses'])
    expect(statuses).toEqual(expect.arrayContaining(Object.keys(endpoint.replies)))
    expect(statuses).toEqual(expect.arrayContaining(['400', '500', '503']))
  },
)

test('it describes the event stream, with where it is, how to resume it and what comes', () => {
  expect(at('paths', '/events', 'servers')).toEqual([{ url: server.config.eventsUrl }])
  expect(at('paths', '/events', 'get')).toMatchObject({
    operationId: 'openEvents',
    security: [{ access_token: [] }, { ticket: [] }],
    parameters: [
      { name: 'Last-Event-ID', in: 'header' },
      { name: 'last_event_id', in: 'query' },
    ],
    responses: { 200: { content: { 'text/event-stream': { schema: { type: 'string' } } } } },
  })
  expect(at('components', 'securitySchemes', 'ticket')).toMatchObject({
    in: 'query',
    name: 'ticket',
  })
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
  const schemas = keys(at('components', 'schemas'))
  for (const kind of keys(events)) expect(schemas).toContain(`${kind}Event`)
  for (const kind of keys(ephemerals)) expect(schemas).toContain(`${kind}Ephemeral`)
  for (const kind of keys(signals)) expect(schemas).toContain(`${capital(kind)}Signal`)
})

test('each operation has a name of its own', () => {
  const names = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, name]) => name)
  expect(names).toHaveLength(Object.keys(endpoints).length + 1)
  expect(new Set(names).size).toBe(names.length)
})

test('every reference leads somewhere, and nothing with a name is written out again', () => {
  const targets = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, target]) => target))
  expect([...targets].filter((target = '') => at(...target.split('/')) === undefined)).toEqual([])
  const places = ['schemas', 'responses'].flatMap((place) =>
    keys(at('components', place)).map((name) => `components/${place}/${name}`),
  )
  expect(
    places.filter((place) => !targets.has(place) && !/(?:Signal|Ephemeral)$/.test(place)),
  ).toEqual([])
  for (const name of ['Chat', 'Message', 'User', 'Workspace', 'Member', 'Me']) {
    const schema = JSON.stringify(at('components', 'schemas', name))
    expect(text.split(schema)).toHaveLength(2)
  }
  expect(text.length / Object.keys(endpoints).length).toBeLessThan(1_800)
})
