import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@parley/core/db/migrate'
import { createPool } from '@parley/core/db/pool'
import { type Postgres, startPostgres } from '@parley/core/embedded/postgres'
import { freePort } from '@parley/core/testing/free-port'
import { type Replica, replayed, startReplica, synchronizeWith } from '@parley/core/testing/replica'
import { until } from '@parley/core/testing/until'
import { createClient } from '@parley/sdk'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type OneOfEach, oneOfEach } from '../stack/one-of-each.ts'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Proxy, startProxy } from '../stack/proxy.ts'

let dataDir: string
let port: number
let postgres: Postgres
let proxy: Proxy
let servers: OneOfEach
let ann: Person
let chat: number

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'parley-epoch-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

async function startDatabase(): Promise<void> {
  const server = await startPostgres({ dataDir, port })
  onTestFinished(() => server.stop('immediate'))
  postgres = server
}

beforeEach(async () => {
  dataDir = await folder()
  port = await freePort()
  await startDatabase()
  await migrate(postgres.url)
  proxy = await startProxy(postgres.url)
  onTestFinished(() => proxy.stop())
  const through = new URL(postgres.url)
  through.port = String(proxy.port)
  servers = await oneOfEach(through.href, await folder())
  await servers.start('chat', 'notify')
  onTestFinished(() => servers.stop('notify', 'chat'))
  const client = createClient({ url: servers.url, eventsUrl: servers.eventsUrl })
  await signUp(client, 'ann', 'Acme')
  ann = await follow(client)
  onTestFinished(() => ann.stream.close())
  chat = (await client.listChats({ query: {} })).chats[0]?.id ?? 0
})

/** Each is acknowledged when it returns. */
async function send(...contents: string[]): Promise<void> {
  for (const content of contents) {
    const body = { content, nonce: content }
    await ann.client.sendMessage({ params: { id: chat }, body }, { retryLimitMs: 30_000 })
  }
}

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name} ${n}`)

const received = (): string[] =>
  ann.events.flatMap((event) => (event.kind === 'NewMessage' ? [event.message.content] : []))

/** What the database holds now, in its order. */
async function stored(): Promise<string[]> {
  const { messages } = await ann.client.listMessages({
    params: { id: chat },
    query: { limit: 100 },
  })
  return messages.map(({ content }) => content)
}

/** How many transactions there were: a cursor from before says nothing about those of another past. */
async function useUpTransactions(): Promise<void> {
  const pool = createPool({ url: postgres.url, max: 1, name: 'test' })
  for (let n = 0; n < 300; n++) {
    await pool.one({ name: '', text: 'select pg_current_xact_id()::text as id', values: [] })
  }
  await pool.close()
}

/** Ann was told, and from her new bootstrap on has all that was stored since. */
async function startedAfresh(since: string[]): Promise<void> {
  await until(() => ann.resyncs.length > 0, { what: 'a resync' })
  await send('the last one')
  await until(() => received().at(-1) === 'the last one', { what: 'what came last' })
  expect(ann.resyncs).toEqual(['epoch'])
  expect(await stored()).toEqual([...since, 'the last one'])
  const last = ann.events.at(-1)
  expect(ann.state().chats.get(chat)?.last_seq).toBe(last?.seq)
  const bootstrap = await ann.client.getBootstrap()
  expect(bootstrap.chats.find(({ id }) => id === chat)?.last_seq).toBe(last?.seq)
}

/** As an operator does it: with the owners and the times of all files. */
const copy = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to])

test('a data folder that was copied back is another past: clients are told, and miss nothing of it', async () => {
  await send(...numbered('kept', 3))
  const stop = async () => {
    await servers.stop('notify', 'chat')
    await postgres.stop()
  }
  await stop()
  const backup = join(await folder(), 'data')
  copy(dataDir, backup)
  await startDatabase()
  await servers.start('chat', 'notify')
  await send(...numbered('forgotten', 5))
  await until(() => received().includes('forgotten 4'))
  // That it was stopped and started is no other past.
  expect(ann.resyncs).toEqual([])

  await stop()
  await rm(dataDir, { recursive: true })
  copy(backup, dataDir)
  await startDatabase()
  await useUpTransactions()
  await servers.start('chat')
  await send(...numbered('new', 8))
  await servers.start('notify')
  await startedAfresh([...numbered('kept', 3), ...numbered('new', 8)])
}, 90_000)

async function replicate(): Promise<Replica> {
  const options = { primaryUrl: postgres.url, primaryDataDir: dataDir, dataDir: await folder() }
  const replica = await startReplica(options)
  onTestFinished(() => replica.stop('immediate'))
  await replayed(postgres.url, replica)
  return replica
}

/** The primary dies, and all connections lead to its replica. */
async function failOver(replica: Replica): Promise<void> {
  await postgres.stop('immediate')
  postgres = replica
  proxy.leadTo(replica.url)
  proxy.cut()
}

test('a replica that takes over without all that was acknowledged is another past', async () => {
  await send(...numbered('kept', 3))
  const replica = await replicate()
  await replica.disconnect()
  await send(...numbered('lost', 5))
  await until(() => received().includes('lost 4'))
  await servers.stop('notify')
  await failOver(replica)
  await replica.promote()
  await useUpTransactions()
  await send(...numbered('new', 8))
  await servers.start('notify')
  await startedAfresh([...numbered('kept', 3), ...numbered('new', 8)])
}, 90_000)

/** The connections on which the chat-server follows the revocations. */
async function listeners(): Promise<number[]> {
  const pool = createPool({ url: postgres.url, max: 1, name: 'test' })
  const text = `select pid from pg_stat_activity where application_name = 'parley revocations'`
  const rows = await pool.rows<{ pid: number }>({ name: '', text, values: [] })
  await pool.close()
  return rows.map(({ pid }) => pid)
}

test('a replica that has all is taken up by running servers, and what is sent meanwhile arrives', async () => {
  await send(...numbered('kept', 3))
  const replica = await replicate()
  await synchronizeWith(postgres.url, 'replica')
  await send(...numbered('safe', 5))
  await failOver(replica)
  // A standby takes no writes and ends nobody.
  const during = await fetch(`${servers.url}/readyz`).then(({ status }) => status)
  expect(during).toBe(200)
  const sending = send(...numbered('meanwhile', 5))
  await until(async () => {
    const { status } = await fetch(servers.eventsUrl.replace('/events', '/readyz'))
    return status === 503
  })
  expect(await stored()).toEqual([...numbered('kept', 3), ...numbered('safe', 5)])
  const [before] = await until(async () => (await listeners()).length > 0 && listeners())
  await replica.promote()
  await sending
  // On a standby nobody can listen to the bell; now somebody does again.
  await until(async () => {
    const now = await listeners()
    return before !== undefined && now.length > 0 && !now.includes(before)
  })
  await startedAfresh([...numbered('kept', 3), ...numbered('safe', 5), ...numbered('meanwhile', 5)])
}, 90_000)
