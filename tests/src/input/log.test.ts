import { fileURLToPath } from 'node:url'
import { type Endpoint, endpoints } from '@parley/contract'
import { type Program, runProgram } from '@parley/core/testing/program'
import { freePort } from '@parley/core/testing/free-port'
import { until } from '@parley/core/testing/until'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentFor, sendRaw } from './kit.ts'
import { expectProblem } from './problem.ts'
import { bodyForms, fieldsOf, isObject, smallest } from './shape.ts'
import { type World, call, makeWorld, password } from './world.ts'

const main = fileURLToPath(import.meta.resolve('@parley/chat-server/main'))

let program: Program
let client: pg.Client
let world: World
let url: string
let port: number
let metricsUrl: string
let clean: () => Promise<void>
beforeAll(async () => {
  const metricsPort = await freePort()
  const prepared = await environmentFor({
    PARLEY_LOG_LEVEL: 'trace',
    PARLEY_CHAT_METRICS_PORT: String(metricsPort),
  })
  clean = prepared.clean
  const { environment } = prepared
  program = runProgram(main, [], { env: { PATH: process.env['PATH'], ...environment } })
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
  port = Number(environment.PARLEY_CHAT_PORT)
  url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 30_000 })
  world = await makeWorld({ url })
  client = new pg.Client({ connectionString: prepared.databaseUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  program.child.kill()
  await program.ended
  await clean()
})

/** In every value that a client sends; in no name, path or code of ours. */
const canary = 'CaNaRy'

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) throw new Error(`not an object: ${text}`)
  return value
}

const lines = (): Record<string, unknown>[] =>
  program
    .stdout()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseObject(line))

const logged = (requestId: string) => lines().filter((line) => line['request_id'] === requestId)

/** Puts the canary wherever a text may stand. */
function sing(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return name === 'type' || name === 'role' ? value : `${canary}-${value}`
  if (!isObject(value) || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sing(one, name)]))
}

/** What refusals said. */
const refusals: string[] = []

async function drive(endpoint: Endpoint, id: string): Promise<void> {
  const [form] = bodyForms(endpoint)
  const every = fieldsOf(form).map(({ name, schema }) => [name, smallest(schema)])
  const path = endpoint.path.replace(/:([a-z_]+)/g, `${canary}%0A$1`)
  for (const [target, token] of [
    [path, world.token],
    [endpoint.path.replace(/:[a-z_]+/g, '1'), world.token],
    [endpoint.path.replace(/:[a-z_]+/g, '1'), `${canary}.${canary}.${canary}`],
  ])
    await fetch(
      `${url}${target}?query=${canary}&token=${canary}&ticket=${canary}&limit=${canary}`,
      {
        method: endpoint.method,
        headers: {
          authorization: `Bearer ${token}`,
          cookie: `parley_rt=${canary}; token=${canary}`,
          'user-agent': canary,
          referer: `http://${canary}/`,
          'x-request-id': id,
          'content-type': 'application/json',
        },
        ...(endpoint.method === 'GET'
          ? {}
          : { body: JSON.stringify(sing(Object.fromEntries(every))) }),
      },
    ).then(async (reply) => {
      const text = await reply.text()
      if (!reply.ok) refusals.push(text)
    })
}

const aboutAll = ['level', 'time', 'name', 'pid', 'msg']
const aboutRequests = ['method', 'route', 'status', 'ms', 'request_id', 'user_id', 'err']
const allowed = new Set([...aboutAll, ...aboutRequests, 'url'])

test('OP-01: no line, audit entry, metric or refusal holds what somebody wrote, on any route', async () => {
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints))
    await drive(endpoint, `the-request-${name.toLowerCase()}`)
  const wrong = [
    `GET /%zz${canary} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /${canary}?${canary} HTTP/1.1\r\nHost: ${canary}\r\n\r\n`,
    `GET /api/chats/${canary.repeat(100)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /files/1?e=1&u=1&s=${canary} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `POST /api/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.token}\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 0\r\nUpload-Metadata: filename ${btoa(canary)}\r\n\r\n`,
    `${canary}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${canary}\u001b[31m\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${canary}: ${canary.repeat(4000)}\r\n\r\n`,
    `POST /api/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"${canary}":x}`,
    `POST /api/signin HTTP/1.1\r\nHost: x\r\nContent-Type: ${canary}/json\r\nContent-Length: 2\r\n\r\n{}`,
  ]
  for (const bytes of wrong)
    refusals.push(...(await sendRaw(port, bytes, { replies: 1 })).map(({ body }) => body))
  // A good sign-in, a wrong one, a message with a nonce, a ticket.
  const { token } = await call(url, 'POST', '/api/signin', {
    body: { email: 'ada@example.org', password },
  })
  const chat = `/api/chats/${world.ids['chats']}/messages`
  await call(url, 'POST', chat, { token: world.token, body: { content: canary, nonce: canary } })
  const { ticket } = await call(url, 'POST', '/api/events/ticket', { token: world.token })
  const { rows: audited } = await client.query<{ entry: string }>(
    'select row_to_json(a)::text as entry from audit_log a',
  )
  expect(audited.length).toBeGreaterThan(10)
  expect(refusals.length).toBeGreaterThan(100)
  const metrics = await (await fetch(metricsUrl)).text()
  expect(metrics).toContain('parley_http_request_seconds')
  const text = [
    program.stdout(),
    program.stderr(),
    metrics,
    ...refusals,
    ...audited.map(({ entry }) => entry),
  ].join('\n')
  const secrets = [
    canary,
    password,
    'ada@example.org',
    world.token,
    world.refreshToken,
    world.invite,
  ]
  for (const secret of [...secrets, String(token), String(ticket)])
    expect(text).not.toContain(secret)
})

test('IN-14: each line is JSON with the allowed fields and no others', () => {
  const names = new Set(lines().flatMap((line) => Object.keys(line)))
  expect([...names].filter((name) => !allowed.has(name))).toEqual([])
  // The address that the server itself says it listens on.
  expect(lines().filter((line) => 'url' in line)).toMatchObject([{ msg: 'serving' }])
  expect(lines().length).toBeGreaterThan(100)
})

test('every request leaves a line with the pattern of its route, never its URL', async () => {
  const id = 'a-request-of-my-own'
  const headers = { authorization: `Bearer ${world.token}`, 'x-request-id': id }
  await fetch(`${url}/api/chats/${world.ids['chats']}?x=${canary}`, { headers })
  await until(() => logged(id).length === 1)
  expect(logged(id)).toMatchObject([{ method: 'GET', route: '/api/chats/:id', status: 400 }])
})

test.for([
  ['too short', 'short'],
  ['too long', 'x'.repeat(65)],
  ['of 10 kB', 'x'.repeat(10_000)],
  ['with blanks', 'a request id'],
  ['with colours', '\u001b[31mabcdefgh'],
  ['with markup', '<b>abcdefgh</b>'],
  ['with JSON', '{"a":"abcdefgh"}'],
  ['that begins with a dot', '.abcdefgh'],
] as const)('a request id %s is replaced by one of ours', async ([, given]) => {
  const bytes = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${given}\r\n\r\n`
  const [reply] = await sendRaw(port, bytes, { replies: 1 })
  const id = reply?.headers.get('x-request-id') ?? ''
  expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  await until(() => logged(id).length === 1)
})

test('OP-02: a bug leaves its place in the log, the values nowhere, and tells the client a request id', async () => {
  await client.query(`
    create function broken() returns trigger language plpgsql as
      $$ begin raise exception 'cannot store %', new.content using detail = new.content; end $$;
    create trigger broken before insert on messages for each row execute function broken()`)
  const reply = await fetch(`${url}/api/chats/${world.ids['chats']}/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.token}`,
      'content-type': 'application/json',
      'x-request-id': 'the-broken-one',
    },
    body: JSON.stringify({ content: `${canary} in a message`, nonce: `${canary}-nonce` }),
  })
  const body = await reply.text()
  const code = expectProblem({
    status: reply.status,
    body,
    header: (name) => reply.headers.get(name) ?? undefined,
  })
  expect({ code, id: parseObject(body)['request_id'] }).toEqual({
    code: 'internal',
    id: 'the-broken-one',
  })
  expect(body).not.toMatch(/canary|trigger|plpgsql|select|insert|\.ts|node_modules|P0001/i)
  await until(() => logged('the-broken-one').length === 2)
  expect(logged('the-broken-one')[0]).toMatchObject({
    level: 50,
    route: '/api/chats/:id/messages',
    err: { type: 'error', code: 'P0001', stack: expect.stringContaining('    at ') },
  })
  expect(program.stdout() + program.stderr()).not.toContain(canary)
})

test('nothing but lines went out', () => {
  expect(program.stderr()).toBe('')
})
