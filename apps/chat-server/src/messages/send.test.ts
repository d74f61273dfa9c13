import {
  createChat,
  getBootstrap,
  getMessage,
  listEvents,
  listMessages,
  sendMessage,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, stranger] = [
  await server.person('anna'),
  await server.person('bob.b'),
  await server.person('stranger'),
]
const { general } = await server.workspace(anna, bob)

const send = (by: Person, content: string, more: { nonce?: string; reply_to?: number } = {}) =>
  by.ask(sendMessage, { params: { id: general }, body: { content, ...more } })

test('a message is answered as it is stored, with a cursor from before it', async () => {
  const { cursor } = await anna.call(getBootstrap, {})
  const { status, body, headers } = await send(anna, 'hello', { nonce: 'n-1' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    chat_id: general,
    sender_id: anna.id,
    content: 'hello',
    nonce: 'n-1',
    reply_to: null,
    mentions: [],
    files: [],
    reactions: [],
    edited_at: null,
    deleted_at: null,
  })
  expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const params = { id: general, message_id: body.id }
  expect(await bob.call(getMessage, { params })).toEqual(body)
  const { events } = await bob.call(listEvents, {
    params: { id: general },
    query: { after: body.seq - 1 },
  })
  expect(events).toMatchObject([
    { kind: 'NewMessage', seq: body.seq, actor_id: anna.id, message: body },
  ])
  // The epoch, and a transaction no later than the message's own.
  const [epoch, xmin] = (headers.get('x-event-cursor') ?? '').split('.')
  expect(epoch).toBe(cursor.split('.')[0])
  const xid = await server.value(
    'select xid::text from event_log where topic_id = $1 and seq = $2',
    general,
    body.seq,
  )
  expect(BigInt(xmin ?? 0)).toBeLessThanOrEqual(BigInt(String(xid)))
})

test('the same nonce returns the same message, also twenty times at once on two servers', async () => {
  const other = await server.again()
  const urls = [server.url, other.url]
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      caller(urls[n % 2] ?? '', anna.token).ask(sendMessage, {
        params: { id: general },
        body: { content: `attempt ${n}`, nonce: 'again' },
      }),
    ),
  )
  expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual([
    ...Array(19).fill('200'),
    '201',
  ])
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  const stored = 'select count(*) from messages where chat_id = $1 and nonce = $2'
  expect(await server.value(stored, general, 'again')).toBe(1)
  // A nonce is its sender's own.
  expect((await send(bob, 'mine', { nonce: 'again' })).status).toBe(201)
})

test('IN-09: what has the documented length arrives as it was, whatever it is written in', async () => {
  const family = '👩‍👩‍👧‍👦'
  const texts = ['x'.repeat(8000), '漢'.repeat(8000), '😀'.repeat(8000), '\u0001'.repeat(8000)]
  texts.push(
    family.repeat(Math.floor(8000 / Array.from(family).length)),
    ' \n\u202e\u2028<b>&amp;"\\ ',
  )
  for (const text of texts) {
    const { status, body } = await send(anna, text)
    expect(status).toBe(201)
    const params = { id: general, message_id: body.id }
    expect((await bob.call(getMessage, { params })).content === text).toBe(true)
    const logged = await server.value(
      `select body->'message'->>'content' from event_log where topic_id = $1 and seq = $2`,
      general,
      body.seq,
    )
    expect(logged === text).toBe(true)
    expect(await send(anna, `${text}${'y'.repeat(8001 - Array.from(text).length)}`)).toMatchObject({
      code: 'invalid_request',
    })
  }
})

test('IN-05: text that cannot be stored, and fields that nobody asked for, are refused', async () => {
  expect(await send(anna, '')).toMatchObject({ status: 400 })
  expect(await send(anna, 'nul \0')).toMatchObject({ status: 422, code: 'invalid_text' })
  const half = await fetch(`${server.url}/api/chats/${general}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' },
    body: '{"content":"half \\ud83d"}',
  })
  expect(half.status).toBe(422)
  for (const extra of [{ seq: 1 }, { sender_id: bob.id }, { id: 1 }, { created_at: 'x' }]) {
    const body = { content: 'x', ...extra }
    expect(await anna.outcome(sendMessage, { params: { id: general }, body })).toBe(
      '400 invalid_request',
    )
  }
})

test.each([
  ['hello @anna', ['anna']],
  ['@ANNA, @bob.b: look', ['anna', 'bob.b']],
  ['Ask @bob.b.', ['bob.b']],
  ['write to x@anna or x.@anna', []],
  ['@stranger is not here', []],
  ['`@anna` and ```\n@anna\n```', []],
  ['@anna @anna @Anna', ['anna']],
  ["@nobody' or true --", []],
])('%j mentions %j', async (content, names) => {
  const ids = { anna: anna.id, 'bob.b': bob.id } as Record<string, number>
  const { body } = await send(bob, content)
  expect(body.mentions).toEqual(names.map((name) => ids[name]))
  expect(body.mentions).not.toContain(stranger.id)
})

test('AZ-05: one replies to what is in the chat, and to nothing else', async () => {
  const { body: first } = await send(anna, 'question')
  expect((await send(bob, 'answer', { reply_to: first.id })).body.reply_to).toBe(first.id)
  const elsewhere = await anna.call(createChat, { body: { type: 'private_channel', name: 'x' } })
  const foreign = await anna.call(sendMessage, {
    params: { id: elsewhere.id },
    body: { content: 'a canary' },
  })
  const refused = await Promise.all([
    send(bob, 'quote', { reply_to: foreign.id }),
    send(bob, 'quote', { reply_to: 2 ** 52 }),
    send(anna, 'quote', { reply_to: foreign.id }),
  ])
  expect(refused.map(({ code }) => code)).toEqual(Array(3).fill('unknown_reply'))
})

test('pages end to end give every message once and in order, from either side', async () => {
  const chat = await anna.call(createChat, { body: { type: 'private_channel', name: 'pages' } })
  const params = { id: chat.id }
  const sent: number[] = []
  for (let n = 0; n < 23; n++) {
    sent.push((await anna.call(sendMessage, { params, body: { content: `${n}` } })).seq)
  }
  const page = (more: {
    before?: number
    after?: number
    around?: number
    around_message?: number
    around_time?: string
    limit?: number
  }) => anna.call(listMessages, { params, query: { limit: 5, ...more } })
  const seqs = (found: Awaited<ReturnType<typeof page>>) => found.messages.map(({ seq }) => seq)

  const back: number[] = []
  for (let before = Number.MAX_SAFE_INTEGER, more = true; more; before = back[0] ?? 0) {
    const found = await page({ before })
    expect(found.has_more_after).toBe(back.length > 0)
    back.unshift(...seqs(found))
    more = found.has_more_before
  }
  expect(back).toEqual(sent)

  const forth: number[] = []
  for (let after = 0, more = true; more; after = forth.at(-1) ?? 0) {
    const found = await page({ after })
    expect(found.has_more_before).toBe(forth.length > 0)
    forth.push(...seqs(found))
    more = found.has_more_after
  }
  expect(forth).toEqual(sent)

  expect(seqs(await page({}))).toEqual(sent.slice(-5))
  expect((await page({ limit: 100 })).has_more_before).toBe(false)
  const middle = await page({ around: sent[10] ?? 0 })
  expect(seqs(middle)).toEqual(sent.slice(8, 13))
  expect(middle).toMatchObject({ has_more_before: true, has_more_after: true })
  expect(middle.users).toEqual([{ id: anna.id, username: 'anna', avatar_id: null }])
  const { id, created_at } = middle.messages[2] ?? { id: 0, created_at: '' }
  expect(await page({ around_message: id })).toEqual(middle)
  expect(await page({ around_time: created_at })).toEqual(middle)
  expect(seqs(await page({ around_time: '2000-01-01T00:00:00Z' }))).toEqual(sent.slice(0, 3))
  expect(seqs(await page({ around_time: '2999-12-31T23:59:59.999Z' }))).toEqual(sent.slice(-2))
  const nowhere = await page({ around: Number.MAX_SAFE_INTEGER })
  expect(nowhere).toMatchObject({ has_more_before: true, has_more_after: false })
  expect(await page({ after: Number.MAX_SAFE_INTEGER })).toMatchObject({ messages: [] })
})

test('a page is asked for with whole numbers within bounds, from one side', async () => {
  for (const search of [
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e2',
    'limit=01',
    'limit=1&limit=2',
    'before=-1',
    'before=9007199254740992',
    'before=x',
    'before=1&after=1',
    'around_message=1&around=1',
    'around_message=0',
    'around_time=2026-13-01T00:00:00Z',
    'around_time=2026-01-01',
    'around_time=2026-01-01T00:00:00%2B01:00',
    'cursor=1',
  ]) {
    const response = await fetch(`${server.url}/api/chats/${general}/messages?${search}`, {
      headers: { authorization: `Bearer ${anna.token}` },
    })
    expect(`${search} ${response.status}`).toBe(`${search} 400`)
  }
})

test('three hundred sends at once in twenty chats leave no gap in any order', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, () => server.person()))
  const [owner = anna, ...others] = people
  await server.workspace(owner, ...others)
  const other = await server.again()
  const chats = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      owner.call(createChat, {
        body: { type: 'public_channel', name: `busy ${n}`, user_ids: others.map(({ id }) => id) },
      }),
    ),
  )
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, n) => {
      const person = people[n % 30] ?? anna
      const url = n % 3 === 0 ? other.url : server.url
      return caller(url, person.token).ask(sendMessage, {
        params: { id: chats[n % 20]?.id ?? 0 },
        body: { content: `message ${n}`, nonce: `${n}` },
      })
    }),
  )
  expect(answers.every(({ status }) => status === 201)).toBe(true)
  const rows = await query<{ topic_id: number; seqs: number[]; last_seq: number }>(
    server.pool,
    `select l.topic_id, array_agg(l.seq order by l.id) as seqs, t.last_seq
     from event_log l join topics t on t.id = l.topic_id group by l.topic_id, t.last_seq`,
  )
  for (const { seqs, last_seq } of rows) {
    expect(seqs).toEqual(Array.from({ length: last_seq }, (_, n) => n + 1))
  }
  for (const chat of chats) {
    const { messages } = await owner.call(listMessages, { params: { id: chat.id }, query: {} })
    const mine = answers.map(({ body }) => body).filter(({ chat_id }) => chat_id === chat.id)
    expect(messages).toEqual(mine.toSorted((a, b) => a.seq - b.seq))
    expect(messages).toHaveLength(15)
  }
})
