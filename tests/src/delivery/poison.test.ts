import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byHand } from '../stack/by-hand.ts'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
let anna: Person
let chat = 0
let workspace = 0

beforeAll(async () => {
  stack = await startStack()
  const client = stack.client()
  await signUp(client, 'anna', 'Acme')
  anna = await follow(client)
  chat = (await client.listChats({ query: {} })).chats[0]?.id ?? 0
  workspace = (await client.listWorkspaces()).workspaces[0]?.id ?? 0
})
afterAll(async () => {
  anna.stream.close()
  await stack.stop()
})

/** A row of the log as a newer version writes it, or a bug, or somebody at a prompt. */
const append = (topic: number, kind: string, body = '{}', count = 1): Promise<unknown> =>
  byHand(
    stack.databaseUrl,
    `select append_events(array_agg($1::bigint), array_agg($2::text), array_agg($3::jsonb))
     from generate_series(1, $4)`,
    [topic, kind, body, count],
  )

const say = (content: string) =>
  anna.client.sendMessage({ params: { id: chat }, body: { content } })

const heard = (content: string) => () =>
  anna.events.some((event) => event.kind === 'NewMessage' && event.message.content === content)

test.for([
  ['of a kind that nobody knows', 'FromTheFuture', '{}'],
  ['whose body breaks the contract', 'MessageUpdated', '{"message": "none"}'],
  ['that ends no session', 'SessionRevoked', '{"session_id": "none"}'],
] as const)(
  'an event %s holds up nothing, and costs nobody a bootstrap',
  async ([, kind, body]) => {
    for (const topic of [chat, workspace, anna.me.id]) await append(topic, kind, body)
    const { seq } = await say(`behind ${kind}`)
    await anna.client.updateWorkspace({
      params: { id: workspace },
      body: { name: `after ${kind}` },
    })
    await anna.client.moveReadMarker({ params: { id: chat }, body: { seq } })
    await until(heard(`behind ${kind}`), { what: 'the message behind it' })
    await until(() => anna.state().workspaces.get(workspace)?.name === `after ${kind}`)
    await until(() => anna.state().chats.get(chat)?.read_seq === seq)
    expect(anna.resyncs).toEqual([])
  },
)

test('whoever fills a hole is told of each event in it, shown or not', async () => {
  const { seq: first } = await say('before')
  await append(chat, 'MessageUpdated', '{"message": 1}', 120)
  await say('behind many')
  const seqs: number[] = []
  for (let after = first, more = true; more; after = seqs.at(-1) ?? after) {
    const page = await anna.client.listEvents({ params: { id: chat }, query: { after } })
    seqs.push(...page.events.map(({ seq }) => seq))
    more = page.has_more
  }
  expect(seqs).toEqual(Array.from({ length: 121 }, (_, n) => first + 1 + n))
})

test('an event that was logged before there were pictures says that there is none', async () => {
  const { seq: after } = await say('long ago')
  const { id, username } = anna.me
  const member = { id, username, role: 'owner' }
  const joined = { chat_id: chat, members: [member], member_count: 1, users: [id] }
  await append(chat, 'MemberJoined', JSON.stringify(joined))
  const shown = { kind: 'MemberJoined', members: [{ ...member, avatar_id: null }] }
  const { events } = await anna.client.listEvents({ params: { id: chat }, query: { after } })
  expect(events).toMatchObject([shown])
  await until(() => anna.events.some(({ seq }) => seq === after + 1))
  expect(anna.events.find(({ seq }) => seq === after + 1)).toMatchObject(shown)
})
