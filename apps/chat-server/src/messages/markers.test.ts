import {
  createChat,
  getChat,
  joinChat,
  leaveChat,
  moveReadMarker,
  putChatMember,
  sendMessage,
} from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, test } from 'vitest'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob] = [await server.person('anna'), await server.person('bob')]
const { general } = await server.workspace(anna, bob)

const send = (by: Person, id: number, content: string) =>
  by.call(sendMessage, { params: { id }, body: { content } })
const read = (by: Person, id: number, seq: number) =>
  by.outcome(moveReadMarker, { params: { id }, body: { seq } })
const counts = async (by: Person, id: number) => {
  const { read_seq, unread_count, mention_count } = await by.call(getChat, { params: { id } })
  return { read_seq, unread_count, mention_count }
}
const markersOf = (person: Person, id: number) =>
  query<{ body: object }>(
    server.pool,
    `select body from event_log
     where topic_id = $1 and kind = 'ReadMarkerMoved' and body->>'chat_id' = $2 order by seq`,
    person.id,
    String(id),
  )

const room = async (history: 'all' | 'since_join' = 'all') =>
  (
    await anna.call(createChat, {
      body: { type: 'group', user_ids: [bob.id], history },
    })
  ).id

test('the marker goes forward, back to mark unread, and never beyond the end', async () => {
  const id = await room()
  const sent = [await send(anna, id, 'one'), await send(anna, id, '@bob two')]
  sent.push(await send(bob, id, 'three'))
  const [one, two, three] = sent.map(({ seq }) => seq)
  if (one === undefined || two === undefined || three === undefined) throw new Error('not sent')
  // One's own messages are not unread.
  expect(await counts(bob, id)).toMatchObject({ unread_count: 2, mention_count: 1 })
  expect(await read(bob, id, one)).toBe('204')
  expect(await counts(bob, id)).toEqual({ read_seq: one, unread_count: 1, mention_count: 1 })
  expect(await read(bob, id, three)).toBe('204')
  expect(await counts(bob, id)).toEqual({ read_seq: three, unread_count: 0, mention_count: 0 })
  expect(await read(bob, id, two - 1)).toBe('204')
  expect(await counts(bob, id)).toEqual({ read_seq: two - 1, unread_count: 1, mention_count: 1 })
  expect(await read(bob, id, three + 1)).toBe('422 beyond_end')
  expect(await read(bob, id, two - 1)).toBe('204')
  // Where nothing moved there is no event.
  expect(await markersOf(bob, id)).toHaveLength(3)
  expect(await markersOf(anna, id)).toHaveLength(0)
  expect((await markersOf(bob, id)).at(-1)?.body).toEqual({
    chat_id: id,
    read_seq: two - 1,
    unread_count: 1,
    mention_count: 1,
    last_seq: three,
  })
})

test('many moves at the same moment on two servers end at one of them', async () => {
  const id = await room()
  const seqs: number[] = []
  for (let n = 0; n < 10; n++) seqs.push((await send(anna, id, `${n}`)).seq)
  const { url } = await server.again()
  const moves = seqs.flatMap((seq) => [
    read(bob, id, seq),
    fetch(`${url}/api/chats/${id}/read`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${bob.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ seq }),
    }).then(({ status }) => String(status)),
  ])
  expect(await Promise.all(moves)).toEqual(Array(20).fill('204'))
  const { read_seq, unread_count } = await counts(bob, id)
  expect(seqs).toContain(read_seq)
  expect(unread_count).toBe(seqs.filter((seq) => seq > Number(read_seq)).length)
  expect((await markersOf(bob, id)).at(-1)?.body).toMatchObject({ read_seq, unread_count })
})

test('markers and leaving never wait for each other', async () => {
  const emil = await server.person()
  const { general: square } = await server.workspace(anna, emil)
  const slow: number[] = []
  for (let round = 0; round < 30; round++) {
    const since = performance.now()
    const [marked, left] = await Promise.all([
      read(emil, square, round % 2),
      emil.outcome(leaveChat, { params: { id: square } }),
    ])
    // A deadlock is found after a second.
    if (performance.now() - since > 900) slow.push(round)
    expect(['204', '403 not_a_member']).toContain(marked)
    expect(left).toBe('204')
    await emil.call(joinChat, { params: { id: square } })
  }
  expect(slow).toEqual([])
})

test('a marker whose person is locked waits, and is moved in the end', async () => {
  const id = await room()
  const { seq } = await send(anna, id, 'one')
  const release = await server.hold(bob.id)
  const marking = read(bob, id, seq)
  await until(async () => (await server.waiting()) > 0)
  // Somebody else's is not held up.
  expect(await read(anna, id, seq)).toBe('204')
  await release()
  expect(await marking).toBe('204')
})

test('nobody learns from the counts what was written before they came', async () => {
  const carl = await server.person()
  await server.workspace(anna, carl)
  const id = await room('since_join')
  for (const content of ['a', 'b @carl', 'c']) await send(anna, id, content)
  await anna.call(putChatMember, { params: { id, user_id: carl.id }, body: {} })
  expect(await counts(carl, id)).toMatchObject({ unread_count: 0, mention_count: 0 })
  const after = await send(anna, id, 'd')
  expect(await read(carl, id, 0)).toBe('204')
  expect(await counts(carl, id)).toMatchObject({ unread_count: 1 })
  expect(await read(carl, id, after.seq)).toBe('204')
  expect(await counts(carl, id)).toMatchObject({ unread_count: 0 })
})

test('more than a thousand unread count as a thousand', async () => {
  await server.value(
    `with sent as (
       insert into messages (chat_id, sender_id, content)
       select $1::bigint, $2::bigint, 'flood' from generate_series(1, 1200) returning 1)
     select count(*) from sent`,
    general,
    anna.id,
  )
  expect(await counts(bob, general)).toMatchObject({ unread_count: 1000 })
})
