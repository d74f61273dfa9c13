import pg from 'pg'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
let anna: Person
let general = 0
let other = 0

beforeAll(async () => {
  stack = await startStack()
  const client = stack.client()
  await signUp(client, 'anna', 'Acme')
  anna = await follow(client)
  general = (await client.listChats({ query: {} })).chats[0]?.id ?? 0
  other = (await client.createChat({ body: { type: 'public_channel', name: 'other' } })).id
})
afterAll(async () => {
  anna.stream.close()
  await stack.stop()
})

const received = (content: string): boolean =>
  anna.events.some((event) => event.kind === 'NewMessage' && event.message.content === content)

/** From the call to the event on the stream, in milliseconds. */
async function delay(chat: number, content: string): Promise<number> {
  const start = performance.now()
  await anna.client.sendMessage({ params: { id: chat }, body: { content } })
  await until(() => received(content), { timeoutMs: 20_000 })
  return performance.now() - start
}

test('a write transaction that stays open delays nobody else by more than a second', async () => {
  const hand = new pg.Client({ connectionString: stack.databaseUrl })
  await hand.connect()
  await hand.query('begin')
  // It holds the lock on one chat, and its transaction id holds back every snapshot's xmin.
  await hand.query('insert into messages (chat_id, sender_id, content) values ($1, $2, $3)', [
    general,
    anna.me.id,
    'by hand',
  ])
  const blocked = anna.client.sendMessage({
    params: { id: general },
    body: { content: 'behind the lock' },
  })
  for (let n = 0; n < 20; n++) expect(await delay(other, `free ${n}`)).toBeLessThan(1000)
  expect(received('by hand')).toBe(false)
  expect(received('behind the lock')).toBe(false)

  await hand.query('commit')
  await hand.end()
  const { seq } = await blocked
  await until(() => received('behind the lock'))
  const ofGeneral = anna.events.filter((event) => event.topic === `chat:${general}`)
  expect(ofGeneral.map((event) => event.seq)).toEqual([seq - 1, seq])
})

test('who left a chat and begins anew meanwhile is given nothing of it', async () => {
  const params = { id: other }
  const client = stack.client()
  await signUp(client, 'bob')
  const [workspace] = anna.state().workspaces.keys()
  const { code } = await anna.client.createInvite({ params: { id: workspace ?? 0 }, body: {} })
  await client.acceptInvite({ params: { code } })
  await client.joinChat({ params })
  const hand = new pg.Client({ connectionString: stack.databaseUrl })
  await hand.connect()
  // From here on every cursor lies before what comes.
  await hand.query('begin')
  await hand.query('select pg_current_xact_id()')
  await anna.client.sendMessage({ params, body: { content: 'for members' } })
  await client.leaveChat({ params })
  const bob = await follow(client)
  await anna.client.sendMessage({ params: { id: general }, body: { content: 'for all' } })
  await hand.query('commit')
  await hand.end()
  await until(() => bob.events.some((event) => event.topic === `chat:${general}`))
  bob.stream.close()
  expect(bob.events.filter((event) => event.topic === `chat:${other}`)).toEqual([])
})
