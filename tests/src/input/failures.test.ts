import { createChatServer } from '@parley/chat-server'
import { loadConfig } from '@parley/core/config/load'
import { until } from '@parley/core/testing/until'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Proxy, startProxy } from '../stack/proxy.ts'
import { environmentFor } from './kit.ts'
import { expectProblem } from './problem.ts'
import { type World, makeWorld } from './world.ts'

/** Nothing listens there. */
const nowhere = 'postgres://127.0.0.1:1/x'

let proxy: Proxy
let database: string
let url: string
let world: World
let stop: () => Promise<void>
beforeAll(async () => {
  const { environment, clean, databaseUrl } = await environmentFor()
  database = databaseUrl
  proxy = await startProxy(database)
  const through = new URL(environment.DATABASE_URL)
  through.port = String(proxy.port)
  const server = createChatServer(loadConfig({ ...environment, DATABASE_URL: through.href }))
  url = (await server.start()).url
  world = await makeWorld({ url })
  stop = async () => {
    await server.stop()
    await proxy.stop()
    await clean()
  }
})
afterAll(() => stop())

async function ask(method: string, path: string, body?: object) {
  const reply = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${world.token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return {
    status: reply.status,
    header: (name: string) => reply.headers.get(name) ?? undefined,
    body: await reply.text(),
  }
}

const messages = () => `/api/chats/${world.ids['chats']}/messages`
const work = (n: number) => [
  ask('POST', messages(), { content: `message ${n}`, nonce: `nonce-${n}` }),
  ask('PATCH', `/api/chats/${world.ids['chats']}`, { description: `text ${n}` }),
  ask('POST', '/api/workspaces', { name: `Space ${n}` }),
  ask('GET', '/api/bootstrap'),
  ask('GET', messages()),
]

function expectServedOrUnavailable(replies: Awaited<ReturnType<typeof ask>>[]): void {
  for (const reply of replies) {
    if (reply.status < 300) continue
    expect(expectProblem(reply)).toBe('unavailable')
    expect(reply.header('retry-after')).toBe('1')
    expect(reply.body).not.toMatch(/postgres|pg|connect|ECONN|terminat|127\.0\.0\.1|\.ts/i)
  }
}

test('OP-02: a database that is gone makes every call unavailable, and back again it serves', async () => {
  proxy.leadTo(nowhere)
  proxy.cut()
  const replies = await Promise.all(work(0))
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
  expectServedOrUnavailable(replies)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  // What needs no database goes on.
  expect((await ask('GET', '/api/instance')).status).toBe(200)
  proxy.leadTo(database)
  await until(async () => (await fetch(`${url}/readyz`)).ok)
  expect((await Promise.all(work(1))).map(({ status }) => status)).toEqual([
    201, 200, 201, 200, 200,
  ])
})

test('connections that die under load cost their requests a 503 at the most', async () => {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  const kill = () =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
  const statuses = new Set<number>()
  for (let round = 0; round < 10; round++) {
    const requests = Array.from({ length: 10 }, (_, at) => work(100 + round * 10 + at)).flat()
    if (round % 2 === 0) await kill()
    else proxy.cut()
    const replies = await Promise.all(requests)
    expectServedOrUnavailable(replies)
    for (const { status } of replies) statuses.add(status)
  }
  await client.end()
  expect(statuses).toContain(503)
  await until(async () => (await fetch(`${url}/readyz`)).ok)
  expect((await Promise.all(work(2))).map(({ status }) => status)).toEqual([
    201, 200, 201, 200, 200,
  ])
})

test('OP-02: a statement that the database does not understand is our bug: a 500 that says nothing', async () => {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  await client.query('alter table workspace_invites rename to lost_invites')
  const reply = await ask('GET', `/api/workspaces/${world.ids['workspaces']}/invites`)
  expect(expectProblem(reply)).toBe('internal')
  expect(reply.body).not.toMatch(/invites|relation|select|42P01|\.ts/i)
  await client.query('alter table lost_invites rename to workspace_invites')
  await client.end()
})
