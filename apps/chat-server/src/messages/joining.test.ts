import { createChat, sendMessage } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

test('whoever joins while they are found not to be a member has their message sent', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id: workspace_id } = await server.workspace(anna, bob)
  const body = { type: 'private_channel', name: 'fresh', workspace_id } as const
  const { id } = await anna.call(createChat, { body })
  let sending: Promise<string> | undefined
  await server.pool.transaction(async (db) => {
    const run = (text: string, ...values: unknown[]) => db.run({ name: '', text, values })
    // The send itself does not look there; who it is that may not send, does.
    await run('lock table workspace_members in access exclusive mode')
    sending = bob.outcome(sendMessage, { params: { id }, body: { content: 'hello' } })
    await until(async () => (await server.waiting()) >= 1)
    await run('insert into chat_members (chat_id, user_id) values ($1, $2)', id, bob.id)
  })
  expect(await sending).toBe('201')
})
