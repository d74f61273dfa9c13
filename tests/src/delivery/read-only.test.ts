import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byHand } from '../stack/by-hand.ts'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
let anna: Person
let chat = 0

beforeAll(async () => {
  stack = await startStack()
  const client = stack.client()
  await signUp(client, 'anna', 'Acme')
  anna = await follow(client)
  chat = (await client.listChats({ query: {} })).chats[0]?.id ?? 0
})
afterAll(async () => {
  anna.stream.close()
  await stack.stop()
})

/** As after an order by an operator, or a disk that is full: for all connections, old and new. */
async function makeReadOnly(on: boolean): Promise<void> {
  const name = new URL(stack.databaseUrl).pathname.slice(1)
  await byHand(
    stack.databaseUrl.replace(/[^/]*$/, 'postgres'),
    `alter database ${name} set default_transaction_read_only = ${on}`,
    [],
  )
  await byHand(
    stack.databaseUrl.replace(/[^/]*$/, 'postgres'),
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
    [name],
  )
}

const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'status' in error ? error.status : error),
  )

test('a database that takes no writes is read from, and all is well when it takes them again', async () => {
  const body = { content: 'before' }
  await anna.client.sendMessage({ params: { id: chat }, body })
  await makeReadOnly(true)
  // Reads first find out that their connections were closed.
  await until(() => anna.client.getBootstrap())
  const send = anna.client.sendMessage({ params: { id: chat }, body }, { retryLimitMs: 0 })
  expect(await refusal(send)).toBe(503)
  const [first] = stack.eventsUrls
  await until(async () => (await fetch(`${first?.replace('/events', '/readyz')}`)).ok)
  for (const url of stack.chatUrls) expect((await fetch(`${url}/readyz`)).status).toBe(200)

  await makeReadOnly(false)
  await until(() => anna.client.getBootstrap())
  await anna.client.sendMessage(
    { params: { id: chat }, body: { content: 'after' } },
    { retryLimitMs: 10_000 },
  )
  await until(() =>
    anna.events.some((event) => event.kind === 'NewMessage' && event.message.content === 'after'),
  )
  expect(anna.resyncs).toEqual([])
})
