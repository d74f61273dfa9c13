import { listEvents, listMessages } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const anna = await server.person('anna')

const longest = '🙂'.repeat(32_000)
const count = 30
/** What a page has beyond its longest message, and the names of its fields. */
const most = 1024 * 1024 + Buffer.byteLength(longest) + 64 * 1024

const { general: id } = await server.workspace(anna)
await query(
  server.pool,
  `insert into messages (chat_id, sender_id, content) select $1, $2, $3 from generate_series(1, $4)`,
  id,
  anna.id,
  longest,
  count,
)
const list = (page: { before?: number; after?: number; around?: number }) =>
  anna.call(listMessages, { params: { id }, query: { ...page, limit: 100 } })
const seqs = (page: { messages: { seq: number }[] }) => page.messages.map(({ seq }) => seq)
const size = (page: unknown) => Buffer.byteLength(JSON.stringify(page))
const [first = 0] = seqs(await list({ after: 0 }))
const all = Array.from({ length: count }, (_, n) => first + n)

test('a page of long messages stays small, and says that there are more', async () => {
  const page = await list({})
  expect(size(page)).toBeLessThan(most)
  expect(seqs(page)).toEqual(all.slice(-9))
  expect(page).toMatchObject({ has_more_before: true, has_more_after: false })
})

test('all of them are found page by page, backwards and forwards', async () => {
  let page = await list({})
  const backwards = seqs(page)
  while (page.has_more_before) {
    page = await list({ before: backwards[0] ?? 0 })
    backwards.unshift(...seqs(page))
  }
  expect(backwards).toEqual(all)
  page = await list({ after: 0 })
  const forwards = seqs(page)
  while (page.has_more_after) {
    page = await list({ after: forwards.at(-1) ?? 0 })
    forwards.push(...seqs(page))
  }
  expect(forwards).toEqual(all)
})

test('the page around a long message has those next to it on both sides', async () => {
  const page = await list({ around: first + 15 })
  expect(seqs(page)).toEqual(all.slice(15 - 9, 15 + 9))
  expect(page).toMatchObject({ has_more_before: true, has_more_after: true })
})

test('events with long messages come in small pages too', async () => {
  const found: number[] = []
  for (let more = true; more;) {
    const after = found.at(-1) ?? 0
    const page = await anna.call(listEvents, { params: { id }, query: { after, limit: 100 } })
    expect(size(page)).toBeLessThan(most)
    expect(page.events.length).toBeGreaterThan(0)
    found.push(...page.events.map(({ seq }) => seq))
    more = page.has_more
  }
  expect(found).toEqual(expect.arrayContaining(all))
  expect(found).toEqual(found.map((_, n) => (found[0] ?? 0) + n))
})
