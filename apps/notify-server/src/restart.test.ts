import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@parley/core/db/migrate'
import { type Postgres, startPostgres } from '@parley/core/embedded/postgres'
import { freePort } from '@parley/core/testing/free-port'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openStream } from './fixtures/sse.ts'
import { embeddedRoles } from '@parley/core/embedded/url'
import { World } from './fixtures/world.ts'

let dataDir: string
let port: number
let postgres: Postgres
let world: World

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-restart-'))
  port = await freePort()
  postgres = await startPostgres({ dataDir, port })
  await migrate(postgres.urlFor('owner'), embeddedRoles)
  world = new World({
    url: postgres.url,
    appUrl: postgres.urlFor('app'),
    notifyUrl: postgres.urlFor('notify'),
    drop: () => Promise.resolve(),
  })
})
afterAll(async () => {
  await world.end()
  await postgres.stop('immediate')
  await rm(dataDir, { recursive: true })
})

test('streams lose nothing when PostgreSQL stops or crashes and comes back', async () => {
  const ann = await world.person()
  const chats = await Promise.all(Array.from({ length: 4 }, () => world.group([ann])))
  const url = await world.server()
  const stream = await (await openStream(url, { token: ann.token })).ready()
  const writing = new AbortController()
  onTestFinished(() => writing.abort())
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; !writing.signal.aborted; n++) {
      const client = await world.pool.connect().catch(() => undefined)
      try {
        await client?.query('begin')
        await client?.query(
          'insert into messages (chat_id, sender_id, content) values ($1, $2, $3)',
          [chats[(writer + n) % chats.length], ann.id, 'x'],
        )
        await client?.query(n % 3 === 0 ? 'rollback' : 'commit')
        client?.release()
      } catch {
        client?.release(true)
      }
    }
  })
  for (const mode of ['fast', 'immediate', 'immediate'] as const) {
    const enough = stream.events.length + 300
    await until(() => stream.events.length > enough, { what: 'live events', timeoutMs: 40_000 })
    await postgres.stop(mode)
    expect((await fetch(new URL('/healthz', url))).status).toBe(200)
    await until(async () => (await fetch(new URL('/readyz', url))).status === 503)
    postgres = await startPostgres({ dataDir, port })
    await until(async () => (await fetch(new URL('/readyz', url))).status === 200)
  }
  const enough = stream.events.length + 300
  await until(() => stream.events.length > enough, { what: 'live events', timeoutMs: 40_000 })
  writing.abort()
  await Promise.all(writers)
  for (const chat of chats) {
    const last = await world.id('select last_seq as id from topics where id = $1', [chat])
    await until(() => stream.seqs(`chat:${chat}`).at(-1) === last, { what: 'the last event' })
    expect(stream.seqs(`chat:${chat}`)).toEqual(Array.from({ length: last - 1 }, (_, n) => n + 2))
  }
  expect(stream.signals.map(({ kind }) => kind)).toEqual(['ready'])
}, 240_000)
