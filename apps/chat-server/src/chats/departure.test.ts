import { createPool } from '@parley/core/db/pool'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const size = 5_000
/** Milliseconds: far more than it takes, less than looking at each member once for each of them. */
const soon = 500

const server = await startChatServer()
afterAll(() => server.stop())
const owner = await server.person()
const { id: workspaceId } = await server.workspace(owner)

test('people leave a large chat in good time by a plan that was made when all chats were small', async () => {
  const spent: number[] = []
  // One connection, because each keeps its own plans.
  const db = createPool({ url: server.config.databaseUrl ?? '', max: 1, name: 'test' })
  try {
    const run = (text: string, ...values: unknown[]) => db.run({ name: '', text, values })
    const chat = async (name: string, ids: number[]) => {
      const { id } = await db.one<{ id: number }>({
        name: '',
        text: `insert into chats (type, workspace_id, name, created_by)
          values ('private_channel', $1, $2, $3) returning id`,
        values: [workspaceId, name, owner.id],
      })
      const join = `insert into chat_members (chat_id, user_id, role)
        select $1, u, case when u = $3 then 'owner' else 'member' end from unnest($2::bigint[]) u`
      await run(join, id, [owner.id, ...ids], owner.id)
      return id
    }
    const leave = (id: number, user: number | undefined) =>
      run(
        `update chat_members set left_seq = next_seq(chat_id)
         where chat_id = $1 and user_id = $2 and left_seq is null`,
        id,
        user,
      )
    const made = await db.rows<{ id: number }>({
      name: '',
      text: `insert into users (username, email, password_hash)
        select 'crowd' || n, 'crowd' || n || '@example.org', 'none'
        from generate_series(1, $1::integer) n returning id`,
      values: [size],
    })
    const ids = made.map(({ id }) => id)
    await leave(await chat('small', ids.slice(0, 3)), ids[0])
    const large = await chat('large', ids)
    for (const id of ids.slice(0, 3)) {
      const since = performance.now()
      await leave(large, id)
      spent.push(performance.now() - since)
    }
  } finally {
    await db.close()
  }
  // Whatever else the machine does, one of a few is undisturbed.
  expect(Math.min(...spent)).toBeLessThan(soon)
})
