import {
  createChat,
  getBootstrap,
  getMe,
  joinChat,
  leaveChat,
  listChats,
  listWorkspaces,
  moveReadMarker,
  sendMessage,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, carl] = [await server.person(), await server.person(), await server.person()]
const { general } = await server.workspace(anna, bob)

test('it says what the lists say, and how far each topic is', async () => {
  const group = await anna.call(createChat, { body: { type: 'group', user_ids: [bob.id] } })
  const params = { id: group.id }
  const { seq } = await bob.call(sendMessage, { params, body: { content: `@${anna.username}` } })
  await bob.call(moveReadMarker, { params, body: { seq } })
  const hidden = await bob.call(createChat, { body: { type: 'private_channel', name: 'hidden' } })

  const state = await anna.call(getBootstrap, {})
  expect(state.me).toEqual(await anna.call(getMe, {}))
  expect(state.workspaces).toEqual((await anna.call(listWorkspaces, {})).workspaces)
  expect(state.chats).toEqual((await anna.call(listChats, { query: {} })).chats)
  expect(state.chats.map(({ id }) => id)).toEqual([general, group.id])
  expect(state.chats[1]).toMatchObject({ unread_count: 1, mention_count: 1 })
  expect(JSON.stringify(state)).not.toContain(`${hidden.id}`)
  expect(state.users).toEqual(
    [anna, bob]
      .map(({ id, username }) => ({ id, username, avatar_id: null }))
      .toSorted((a, b) => a.id - b.id),
  )
  expect(JSON.stringify(state)).not.toContain(`${bob.username}@`)
  const topics = await query(
    server.pool,
    `select kind || ':' || id as topic, last_seq from topics where id = any ($1) order by id`,
    [anna.id, ...state.workspaces.map(({ id }) => id), ...state.chats.map(({ id }) => id)],
  )
  expect(state.topics).toEqual(topics)
})

test('whoever is in nothing has a state too', async () => {
  const state = await carl.call(getBootstrap, {})
  expect(state).toMatchObject({ workspaces: [], chats: [] })
  expect(state.users).toEqual([{ id: carl.id, username: carl.username, avatar_id: null }])
  expect(state.cursor).toMatch(/^[0-9a-f]{8}\.[1-9][0-9]*$/)
})

test('under writes everything in it is of one moment', async () => {
  const square = await anna.call(createChat, { body: { type: 'public_channel', name: 'square' } })
  const params = { id: square.id }
  const writing = (async () => {
    for (let n = 0; n < 40; n++) {
      await bob.call(joinChat, { params })
      await anna.call(sendMessage, { params, body: { content: `${n}` } })
      await bob.call(leaveChat, { params })
    }
    return 'done' as const
  })()
  let looks = 0
  const pause = Promise.resolve('writing' as const)
  while ((await Promise.race([writing, pause])) === 'writing') {
    const state = await anna.call(getBootstrap, {})
    looks++
    const seqs = new Map(state.topics.map(({ topic, last_seq }) => [topic, last_seq]))
    const known = new Set(state.users.map(({ id }) => id))
    for (const chat of state.chats) {
      expect(seqs.get(`chat:${chat.id}`)).toBe(chat.last_seq)
      expect(chat.users).toHaveLength(chat.member_count)
      for (const user of chat.users) expect(known).toContain(user)
    }
    // The cursor is of that moment too: what lies beyond it is not in the state, and the rest is.
    const [, xmin = ''] = state.cursor.split('.')
    const before = Number(
      await server.value(
        `select coalesce(max(seq), 0) from event_log where topic_id = $1 and xid < $2::xid8`,
        square.id,
        xmin,
      ),
    )
    expect(seqs.get(`chat:${square.id}`)).toBeGreaterThanOrEqual(before)
  }
  expect(looks).toBeGreaterThan(3)
})

test('two hundred chats of a hundred people are one quick answer', async () => {
  const owner = await server.person()
  const crowd = await server.workspace(owner)
  // By rows alone: the events of so many joinings are no matter here.
  await server.pool.transaction(async (db) => {
    const run = (text: string) => query(db, text)
    await run('set local session_replication_role = replica')
    await run(`insert into users (id, username, email, password_hash)
      select n, 'many' || n, 'many' || n || '@example.org', '' from generate_series(1, 99) n`)
    await run(`insert into chats (id, type, workspace_id, name, created_by, member_count)
      select 1000 + n, 'public_channel', ${crowd.id}, 'c' || n, ${owner.id}, 100
      from generate_series(1, 200) n`)
    await run(`insert into topics (id, kind, last_seq)
      select 1000 + n, 'chat', 1 from generate_series(1, 200) n`)
    await run(`insert into chat_members (chat_id, user_id, joined_seq)
      select 1000 + c, u, 1 from generate_series(1, 200) c,
        lateral (select generate_series(1, 99) union all select ${owner.id}) u (u)`)
  })
  const since = performance.now()
  const state = await owner.call(getBootstrap, {})
  expect(performance.now() - since).toBeLessThan(2_000)
  expect(state.chats).toHaveLength(201)
  expect(state.users).toHaveLength(100)
})
