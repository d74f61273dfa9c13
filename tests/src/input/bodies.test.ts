import { type Endpoint, endpoints } from '@parley/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watchTables } from './judge.ts'
import { type ChatServer, sendRaw, startChat } from './kit.ts'
import { expectProblem } from './problem.ts'
import { formsOf, insidersToken, urlOf, validRequest } from './request.ts'
import { type World, makeWorld } from './world.ts'

const all = Object.entries<Endpoint>(endpoints)
const withBody = all.filter(([, { method }]) => method !== 'GET')

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

const json = 'Content-Type: application/json\r\n'
const deep = 100_000

/** A body as it is, with its headers, and what it must be refused for. */
const bodies: [name: string, headers: string, body: string | Buffer, codes: string[]][] = [
  ['no content type', '', '{}', ['unsupported_media_type']],
  ['plain text', 'Content-Type: text/plain\r\n', '{}', ['unsupported_media_type']],
  [
    'a form',
    'Content-Type: application/x-www-form-urlencoded\r\n',
    'a=1',
    ['unsupported_media_type'],
  ],
  [
    'a multipart form',
    'Content-Type: multipart/form-data; boundary=x\r\n',
    '--x--',
    ['unsupported_media_type'],
  ],
  [
    'a type that only begins like JSON',
    'Content-Type: application/jsonp\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'a type that ends like JSON',
    'Content-Type: application/merge-patch+json\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'garbage behind the type',
    'Content-Type: application/json garbage\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'garbage behind the charset',
    'Content-Type: application/json; charset=utf-8x\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'a tab in the type',
    'Content-Type: application/json\t; charset=utf-8\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  ['a blank in the type', 'Content-Type: application /json\r\n', '{}', ['unsupported_media_type']],
  [
    'another charset',
    'Content-Type: application/json; charset=utf-7\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'another parameter',
    'Content-Type: application/json; boundary=x\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  [
    'two types in one header',
    'Content-Type: application/json, text/plain\r\n',
    '{}',
    ['unsupported_media_type'],
  ],
  ['two type headers', `${json}Content-Type: text/plain\r\n`, '{}', ['unsupported_media_type']],
  ['twice the same type header', json + json, '{}', ['unsupported_media_type']],
  ['a body said to be gzip', `${json}Content-Encoding: gzip\r\n`, '{}', ['unsupported_media_type']],
  [
    'a body said to be identity',
    `${json}Content-Encoding: identity\r\n`,
    '{}',
    ['unsupported_media_type'],
  ],
  ['UTF-16', json, Buffer.from('\uFEFF{}', 'utf16le'), ['invalid_text']],
  ['bytes that are no UTF-8', json, Buffer.from([0x7b, 0xff, 0x7d]), ['invalid_text']],
  ['overlong UTF-8', json, Buffer.from([0x22, 0xc0, 0xaf, 0x22]), ['invalid_text']],
  ['a surrogate in UTF-8', json, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), ['invalid_text']],
  ['a byte order mark', json, '\uFEFF{}', ['malformed_json']],
  ['blanks only', json, '  ', ['malformed_json']],
  ['half of an object', json, '{"a":', ['malformed_json']],
  ['two objects', json, '{}{}', ['malformed_json']],
  ['a comment', json, '{/* */}', ['malformed_json']],
  ['single quotes', json, `{'a':1}`, ['malformed_json']],
  ['a comma at the end', json, '{"a":1,}', ['malformed_json']],
  ['a raw line break in a string', json, '{"a":"\n"}', ['malformed_json']],
  ['null', json, 'null', ['invalid_request']],
  ['a list', json, '[]', ['invalid_request']],
  ['a string', json, '"x"', ['invalid_request']],
  ['a number', json, '1', ['invalid_request']],
  ['true', json, 'true', ['invalid_request']],
  ['a prototype', json, '{"__proto__":{"polluted":true}}', ['malformed_json']],
  ['a nested prototype', json, '{"a":{"b":[{"__proto__":{"polluted":true}}]}}', ['malformed_json']],
  ['an escaped prototype', json, '{"\\u005f_proto__":{"polluted":true}}', ['malformed_json']],
  ['a constructor', json, '{"constructor":{"prototype":{"polluted":true}}}', ['invalid_request']],
  ['a field named by a NUL', json, '{"\\u0000":1}', ['malformed_json']],
  ['1 MB of blanks', json, ' '.repeat(1 << 20), ['too_large']],
  ['a text of 1 MB', json, `{"content":"${'x'.repeat(1 << 20)}"}`, ['too_large']],
  ['a number of 1 MB', json, `{"seq":${'9'.repeat(1 << 20)}}`, ['too_large']],
  ['a number of 100 kB', json, `{"x":${'9'.repeat(100_000)}}`, ['invalid_request']],
  [
    '100,000 fields',
    json,
    `{${Array.from({ length: deep }, (_, at) => `"k${at}":1`).join()}}`,
    ['too_large'],
  ],
  [
    '8,000 fields',
    json,
    `{${Array.from({ length: 8000 }, (_, at) => `"k${at}":1`).join()}}`,
    ['too_large'],
  ],
  [
    '4,000 fields',
    json,
    `{${Array.from({ length: 4000 }, (_, at) => `"k${at}":1`).join()}}`,
    ['invalid_request'],
  ],
  ['lists 100,000 deep', json, '['.repeat(deep) + ']'.repeat(deep), ['too_large']],
  ['lists 50,000 deep', json, '['.repeat(50_000) + ']'.repeat(50_000), ['malformed_json']],
  [
    'objects 10,000 deep',
    json,
    '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    ['malformed_json'],
  ],
]

describe.each(withBody)('%s refuses a body that is', (_name, endpoint) => {
  test('IN-03, IN-08: wrong as a whole, at once, and changes nothing', async () => {
    const target = urlOf(validRequest(world, endpoint, formsOf(endpoint)[0]))
    const before = await contents()
    for (const [name, headers, body, jsonCodes] of bodies) {
      const codes = !endpoint.form
        ? jsonCodes
        : [headers.includes('multipart') ? 'malformed_upload' : 'unsupported_media_type']
      const head = `${endpoint.method} ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${insidersToken(world, endpoint)}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`
      const [reply] = await sendRaw(
        server.port,
        Buffer.concat([Buffer.from(head), Buffer.from(body)]),
        { replies: 1 },
      )
      const code = reply && expectProblem({ ...reply, header: (name) => reply.headers.get(name) })
      expect({ name, codes }).toEqual({ name, codes: [code] })
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    }
    expect(await contents()).toEqual(before)
  }, 120_000)
})

test('JSON is taken with the charset it always has, in any case', async () => {
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
  ]) {
    const reply = await fetch(`${server.url}/api/me`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': type },
      body: '{}',
    })
    expect({ type, status: reply.status }).toEqual({ type, status: 200 })
  }
})

/** What one bomb costs both sides of this process, in milliseconds: the least of three. */
async function costOf(body: string): Promise<number> {
  const costs: number[] = []
  for (const _ of [1, 2, 3]) {
    const before = process.cpuUsage()
    await fetch(`${server.url}/api/signin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }).then((reply) => reply.arrayBuffer())
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1000)
  }
  return Math.min(...costs)
}

test('IN-08: no body costs more than 50 ms of CPU', async () => {
  const costs = new Map<string, number>()
  // What is longer than the limit says so in its first header and is never read.
  for (const [name, , body] of bodies)
    if (typeof body === 'string' && body.length < 128 << 10) costs.set(name, await costOf(body))
  expect([...costs].filter(([, cost]) => cost > 50)).toEqual([])
})
