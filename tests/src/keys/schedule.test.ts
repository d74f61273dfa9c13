import { createChatServer } from '@parley/chat-server'
import { loadConfig } from '@parley/core/config/load'
import { sql } from '@parley/core/db/sql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { activeKid, kidOf, person, refresh } from './kit.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 1, notify: 0 }, { PARLEY_KEY_ROTATION_DAYS: '30' })
})
afterAll(() => stack.stop())

/** Two further servers begin at once, look whether a key is due, and end when they have. */
async function twoMore(): Promise<void> {
  const servers = [await stack.env(), await stack.env()].map((env) =>
    createChatServer(loadConfig(env)),
  )
  await Promise.all(servers.map((server) => server.start()))
  await Promise.all(servers.map((server) => server.stop()))
}

const states = async (): Promise<string[]> =>
  (
    await stack.sql.rows(sql<{ state: 'active' | 'next' | 'retired' }>`
      select state from signing_keys order by state`)
  ).map(({ state }) => state)

test('AU-05: servers that find the same key due make one rotation, and none before the next key was published for a day', async () => {
  const ann = await person(stack, 'ann')
  const first = await activeKid(stack)
  await twoMore()
  expect(await states()).toEqual(['active', 'next'])
  await stack.sql.run(sql`
    update signing_keys set active_since = now() - interval '30 days' where state = 'active'`)
  await stack.sql.run(sql`
    update signing_keys set created_at = now() - interval '23 hours 59 minutes' where state = 'next'`)
  await twoMore()
  expect(await activeKid(stack)).toBe(first)

  await stack.sql.run(sql`
    update signing_keys set created_at = now() - interval '24 hours' where state = 'next'`)
  await twoMore()
  expect(await states()).toEqual(['active', 'next', 'retired'])
  const second = await activeKid(stack)
  expect(second).not.toBe(first)
  // The server that ran all the time signs by it.
  await refresh(stack.chatUrls[0] ?? '', ann)
  expect(kidOf(ann.token)).toBe(second)
  await twoMore()
  expect(await states()).toEqual(['active', 'next', 'retired'])
}, 30_000)
