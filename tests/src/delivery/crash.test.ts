import type { Message } from '@parley/contract'
import { createPool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { type Client, createClient, makeNonce } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entitled, lastLogId } from '../stack/entitled.ts'
import { type RunningParley, startParley } from '../stack/parley.ts'
import { type Person, follow, signUp } from '../stack/people.ts'

const names = ['chat-server', 'notify-server', 'PostgreSQL'] as const

let parley: RunningParley
const people: Person[] = []
/** What the servers acknowledged, by nonce. */
const acknowledged = new Map<string, Message>()
/** Aborted when the writers may stop. */
const enough = new AbortController()

beforeAll(async () => {
  parley = await startParley({ PARLEY_RATE_LIMITS: 'off' })
  for (const name of ['ada', 'ben', 'cyd', 'dan']) {
    const client = createClient({ url: parley.url, eventsUrl: parley.eventsUrl })
    await signUp(client, name, 'Acme')
    if (name === 'ada') {
      const [workspace] = (await client.listWorkspaces()).workspaces
      await client.updateWorkspace({
        params: { id: workspace?.id ?? 0 },
        body: { join_policy: 'open' },
      })
    }
    people.push(await follow(client))
  }
}, 120_000)
afterAll(async () => {
  for (const { stream } of people) stream.close()
  await parley.stop()
})

/** Sends one message after the other, each until it is acknowledged. */
async function write(client: Client, chat: number, name: string): Promise<void> {
  for (let n = 0; !enough.signal.aborted; n++) {
    const nonce = makeNonce()
    const message = await client.sendMessage(
      { params: { id: chat }, body: { content: `${name} ${n}`, nonce } },
      { retryLimitMs: 60_000 },
    )
    acknowledged.set(nonce, message)
  }
}

const progress = async (by: number): Promise<void> => {
  const before = acknowledged.size
  await until(() => acknowledged.size >= before + by, {
    timeoutMs: 40_000,
    what: 'writers to go on',
  })
}

test('kill -9 of each server and of PostgreSQL loses no acknowledged message and leaves no hole in a stream', async () => {
  const [first] = people
  const chat = (await first?.client.listChats({ query: {} }))?.chats[0]?.id ?? 0
  const writers = people.map(({ client, me }) => write(client, chat, me.username))
  for (const name of [...names, ...names]) {
    await progress(40)
    const victim = await until(() => parley.pid(name), { what: `the ${name}` })
    process.kill(victim, 'SIGKILL')
    await until(async () => parley.pid(name) !== victim && parley.ready(), {
      timeoutMs: 40_000,
      what: `a new ${name}`,
    })
  }
  await progress(40)
  enough.abort()
  await Promise.all(writers)

  const db = createPool({ url: parley.databaseUrl(), max: 2, name: 'test' })
  const stored = await db.rows(sql<{ nonce: string | null; id: number; seq: number }>`
    select nonce, id, seq from messages where chat_id = ${chat} order by seq`)
  expect(acknowledged.size).toBeGreaterThan(280)
  const byNonce = new Map(stored.map((row) => [row.nonce, row]))
  expect(byNonce.size).toBe(stored.length)
  for (const [nonce, { id, seq }] of acknowledged) {
    expect(byNonce.get(nonce)).toEqual({ nonce, id, seq })
  }

  const last = await lastLogId(db)
  expect(last).toBeGreaterThan(stored.length)
  for (const { me, events, resyncs } of people) {
    const places = () => events.map(({ topic, seq }) => `${topic} ${seq}`)
    const ofChat = (await entitled(db, me.id, 0)).filter((place) => place.startsWith('chat:'))
    // Those who signed up later have less behind them; all of them have the same end.
    const expected = ofChat.slice(-stored.length)
    await until(() => new Set(places()).has(expected.at(-1) ?? ''), { timeoutMs: 20_000 })
    const got = places().filter((place) => place.startsWith('chat:'))
    expect(got.slice(-expected.length)).toEqual(expected)
    expect(new Set(got).size).toBe(got.length)
    expect(resyncs).toEqual([])
  }
  await db.close()
}, 240_000)

test('SIGTERM ends everything with exit code 0', async () => {
  for (const { stream } of people) stream.close()
  const pids = names.map((name) => parley.pid(name))
  expect(pids).not.toContain(undefined)
  expect(await parley.stop()).toBe(0)
  for (const name of names) expect(parley.pid(name)).toBeUndefined()
})
