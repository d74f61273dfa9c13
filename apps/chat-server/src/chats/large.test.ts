import {
  getBootstrap,
  getChat,
  joinChat,
  leaveChat,
  listChatMembers,
  listChats,
  listMessages,
  moveReadMarker,
  putChatMember,
  sendMessage,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Person, startChatServer } from '../fixtures/chat-server.ts'

const size = 100_000

const server = await startChatServer()
afterAll(() => server.stop())
const [owner, newcomer] = [await server.person(), await server.person()]
const { id: workspaceId, general: id } = await server.workspace(owner)
const params = { id }

// Rows as an import would bring them: without an event for each. The triggers come back before the
// tests begin.
await server.pool.transaction(async (db) => {
  const run = (text: string, ...values: unknown[]) => db.run({ name: '', text, values })
  await run('set local session_replication_role = replica')
  await run(`insert into users (id, username, email, password_hash)
    select n, 'crowd' || n, 'crowd' || n || '@example.org', 'none' from generate_series(1, ${size}) n`)
  await run(`insert into topics (id, kind) select n, 'user' from generate_series(1, ${size}) n`)
  await run(`insert into workspace_members (workspace_id, user_id, joined_seq)
    select ${workspaceId}, n, 1 from generate_series(1, ${size}) n`)
  await run(`insert into chat_members (chat_id, user_id, joined_seq, read_seq)
    select ${id}, n, 1, 1 from generate_series(1, ${size}) n`)
  await run(`update chats set member_count = member_count + ${size} where id = ${id}`)
  await run(`update workspaces set member_count = member_count + ${size} where id = ${workspaceId}`)
})

/** What the work cost: rows of the log, and milliseconds. */
async function cost(work: () => Promise<unknown>): Promise<{ events: number; ms: number }> {
  const count = () => server.value('select count(*)::integer from event_log')
  const before = Number(await count())
  const since = performance.now()
  await work()
  const ms = performance.now() - since
  return { events: Number(await count()) - before, ms }
}

/** Milliseconds: far more than any of it takes, less than reading every member would. */
const soon = 300
/** Whatever else the machine does, one of a few tries is undisturbed. */
const tries = 5

const quickest = (spent: { ms: number }[]): number => Math.min(...spent.map(({ ms }) => ms))

test('its messages and read markers stay quick before there are statistics, when plans turn generic', async () => {
  const sending: { ms: number }[] = []
  const marking: { ms: number }[] = []
  // A prepared statement gets its generic plan at the sixth time.
  for (let n = 0; n < 6 + tries; n++) {
    const body = { content: n % 2 === 0 ? 'hello' : 'hello @crowd7' }
    sending.push(await cost(() => owner.call(sendMessage, { params, body })))
    marking.push(await cost(() => owner.call(moveReadMarker, { params, body: { seq: n % 2 } })))
  }
  expect(quickest(sending.slice(-tries))).toBeLessThan(soon)
  expect(quickest(marking.slice(-tries))).toBeLessThan(soon)
})

test.each<{ what: string; events: number; work: (by: Person) => Promise<unknown> }>([
  {
    what: 'sending a message',
    events: 1,
    work: (by) => by.call(sendMessage, { params, body: { content: 'hello @crowd7' } }),
  },
  {
    what: 'moving the read marker',
    events: 1,
    work: (by) => by.call(moveReadMarker, { params, body: { seq: 2 } }),
  },
  {
    what: 'listing the messages',
    events: 0,
    work: (by) => by.call(listMessages, { params, query: {} }),
  },
  { what: 'listing the chats', events: 0, work: (by) => by.call(listChats, { query: {} }) },
  { what: 'a bootstrap', events: 0, work: (by) => by.call(getBootstrap, {}) },
  {
    what: 'a role',
    events: 1,
    work: (by) => by.call(putChatMember, { params: { id, user_id: 8 }, body: { role: 'admin' } }),
  },
])(
  'in a channel of 100,000, $what takes no longer and writes no more',
  async ({ events, work }) => {
    const spent = await cost(() => work(owner))
    expect(spent.events).toBe(events)
    const again = [spent]
    while (quickest(again) >= soon && again.length < tries)
      again.push(await cost(() => work(owner)))
    expect(quickest(again)).toBeLessThan(soon)
  },
)

test('in a channel of 100,000 one person joins, is shown and leaves', async () => {
  await server.value(`select join_workspace($1, $2, 'member')`, workspaceId, newcomer.id)
  await newcomer.call(leaveChat, { params })
  const joining = await cost(() => newcomer.call(joinChat, { params }))
  expect(joining.events).toBe(2)
  expect(await newcomer.call(getChat, { params })).toMatchObject({
    member_count: size + 2,
    // A list of all would be in every event.
    users: [],
    unread_count: 0,
  })
  await owner.call(sendMessage, { params, body: { content: 'welcome' } })
  expect((await newcomer.call(getChat, { params })).unread_count).toBe(1)
  const leaving = await cost(() => newcomer.call(leaveChat, { params }))
  expect(leaving.events).toBe(2)
  for (const [endpoint, first] of [
    [joinChat, joining],
    [leaveChat, leaving],
  ] as const) {
    const spent = [first]
    while (quickest(spent) >= soon && spent.length < tries) {
      const other = endpoint === joinChat ? leaveChat : joinChat
      await newcomer.ask(other, { params })
      spent.push(await cost(() => newcomer.call(endpoint, { params })))
    }
    expect(quickest(spent)).toBeLessThan(soon)
  }
})

test('a page of its members is a page, wherever it begins', async () => {
  for (const after of [undefined, 50_000, size - 1]) {
    const query = after === undefined ? { limit: 100 } : { limit: 100, after }
    const { members } = await owner.call(listChatMembers, { params, query })
    expect(members[0]?.id).toBe((after ?? 0) + 1)
    const list = () => cost(() => owner.call(listChatMembers, { params, query }))
    expect(quickest([await list(), await list(), await list()])).toBeLessThan(soon)
  }
})

test('when the last owner leaves, somebody follows in good time', async () => {
  const spent = await cost(() => owner.call(leaveChat, { params }))
  // Two of the leaving, one of the new owner.
  expect(spent.events).toBe(3)
  expect(spent.ms).toBeLessThan(20 * soon)
})
