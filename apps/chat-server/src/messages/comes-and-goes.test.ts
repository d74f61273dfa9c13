import { createChat, moveReadMarker, removeChatMember, sendMessage } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, cleo] = [
  await server.person('anna'),
  await server.person('bob'),
  await server.person('cleo'),
]
await server.workspace(anna, bob, cleo)

/** Bob does it while he is none, and is a member again before it is asked whether he may see the chat. */
async function joiningMeanwhile(work: (id: number) => Promise<string>): Promise<string> {
  const user_ids = [bob.id, cleo.id]
  const { id } = await anna.call(createChat, { body: { type: 'group', user_ids } })
  await anna.call(removeChatMember, { params: { id, user_id: bob.id } })
  let outcome: Promise<string> | undefined
  await server.pool.transaction(async (db) => {
    // Only the second look needs it.
    await query(db, 'lock table workspace_members in access exclusive mode')
    outcome = work(id)
    await until(async () => (await server.waiting()) === 1)
    await query(db, 'insert into chat_members (chat_id, user_id) values ($1, $2)', id, bob.id)
  })
  return (await outcome) ?? 'nothing'
}

test('what is sent by who joins meanwhile is sent', async () => {
  const body = { content: 'here' }
  const sent = (id: number) => bob.outcome(sendMessage, { params: { id }, body })
  expect(await joiningMeanwhile(sent)).toBe('201')
})

test('the marker of who joins meanwhile moves', async () => {
  const moved = (id: number) => bob.outcome(moveReadMarker, { params: { id }, body: { seq: 0 } })
  expect(await joiningMeanwhile(moved)).toBe('204')
})
