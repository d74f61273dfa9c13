/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { frames } from './drift.ts'
import { expect, test } from './fixtures.ts'
import { article, fromEnd, list, scrollBy, worldOf } from './list-world.ts'

test(
  'a link leads to its message, and from there one scrolls to the true end',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    const reader = await signUp('ann')
    const { page } = reader
    const { ann, chat, path } = await worldOf(parley, reader, 500)
    const { messages } = await ann.listMessages({ params: { id: chat }, query: { limit: 100 } })
    const wanted = messages.find(({ content }) => content === 'message 420')
    await page.goto(path)
    await expect(article(page, 'message 499')).toBeVisible()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`${path}/m/${wanted?.id}`)
    const found = article(page, 'message 420')
    await expect(found).toBeFocused()
    // Then come its neighbours, a page on each side.
    expect(asked.filter((url) => /\/messages(\/|\?(?!before|after))/.test(url))).toHaveLength(1)
    const box = await list(page).boundingBox()
    const place = await found.boundingBox()
    const middle = (place?.y ?? 0) + (place?.height ?? 0) / 2 - (box?.y ?? 0)
    expect(Math.abs(middle / (box?.height ?? 1) - 0.5)).toBeLessThan(0.1)
    const seen = new Set<string>()
    await expect(async () => {
      for (const text of await page.getByRole('article').locator('p').allTextContents())
        seen.add(text)
      const end = (await fromEnd(page)) < 1
      await scrollBy(page, 400)
      await frames(page)
      expect(end).toBe(true)
      await expect(article(page, 'message 499')).toBeVisible({ timeout: 100 })
    }).toPass()
    for (let n = 420; n < 500; n++) expect(seen).toContain(`message ${n}`)
  },
)

test('a day is jumped to, with one request, and again', async ({ signUp, parley, sql }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { chat, path } = await worldOf(parley, reader, 500)
  // A day apart from each other, at noon, the last one yesterday; no server would let it happen.
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length)
  const noon = Date.parse(`${today}T12:00Z`)
  await sql('set session_replication_role = replica')
  await sql(
    `update messages set created_at = $2::timestamptz - (n * interval '1 day')
     from (select id, row_number() over (order by seq desc) as n from messages where chat_id = $1) days
     where days.id = messages.id`,
    [chat, new Date(noon).toISOString()],
  )
  await page.goto(path)
  await expect(article(page, 'message 499')).toBeVisible()
  const day = new Date(noon - 300 * 86_400_000)
  const name = day.toISOString().slice(0, today.length)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  for (const open of [
    () => page.getByRole('button', { name: 'Jump to date' }).click(),
    async () => {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox')).toBeFocused()
      await page.keyboard.type('>jump')
      await page.keyboard.press('Enter')
    },
  ]) {
    await open()
    await page.getByLabel('Date', { exact: true }).fill(name)
    await page.keyboard.press('Enter')
    await expect(article(page, 'message 200')).toBeFocused()
    await page.getByRole('button', { name: /latest/ }).click()
    await expect(article(page, 'message 499')).toBeVisible()
  }
  expect(asked.filter((url) => url.includes('around_time'))).toHaveLength(2)
})
