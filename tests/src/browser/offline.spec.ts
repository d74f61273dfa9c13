import type { BrowserContext, Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'
import {
  apiOf,
  expectOnce,
  failedRequests,
  onSend,
  oneRow,
  sends,
  watchRow,
} from './own-messages.ts'

/** Another page of the same browser. */
async function anotherTab(person: Person, prepare?: (page: Page) => unknown): Promise<Person> {
  const url = person.page.url()
  const page = await person.page.context().newPage()
  await prepare?.(page)
  await page.goto(url)
  await expect(box(page)).toBeVisible()
  const articles = page.getByRole('article')
  return {
    ...person,
    page,
    open: (chat) => page.getByRole('link', { name: chat }).click(),
    async send(text) {
      await box(page).fill(text)
      await box(page).press('Enter')
    },
    messages: () => articles.locator('p').allTextContents(),
  }
}

const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })
const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

const cut = (page: Page | BrowserContext) =>
  page.route(sends, (route) =>
    route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.fallback(),
  )

async function channel(person: Person, name: string): Promise<void> {
  const client = await apiOf(person)
  await client.createChat({ body: { type: 'public_channel', name } })
  await expect(person.page.getByRole('link', { name })).toBeVisible()
}

test('what is sent offline waits, survives the page, and goes out in order', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await channel(ann, 'lunch')
  await ann.open('lunch')
  await ann.send('before')
  await expectOnce(ann, 'before')
  await ann.open('general')
  const context = ann.page.context()
  await context.setOffline(true)
  for (const text of ['one', 'two', 'three']) await ann.send(text)
  await expect(row(ann.page, 'three')).toContainText('Waiting for connection')
  await ann.open('lunch')
  for (const text of ['four', 'five']) await ann.send(text)
  await expect(row(ann.page, 'five')).toContainText('Waiting for connection')

  // The page itself comes from the server still; what it sends does not get there.
  await cut(context)
  await context.setOffline(false)
  const again = await anotherTab(ann)
  await ann.page.close()
  await expect(row(again.page, 'four')).toContainText('Waiting for connection')
  await again.open('general')
  await expect(again.page.getByRole('article')).toHaveCount(3)
  const seen = await Promise.all(['one', 'two', 'three'].map((text) => watchRow(again.page, text)))
  await context.unroute(sends)
  await again.page.evaluate(`dispatchEvent(new Event('online'))`)
  for (const text of ['one', 'two', 'three']) await expectOnce(again, text)
  for (const one of seen) expect(await one()).toMatchObject({ most: 1, gone: 0 })
  expect((await again.messages()).map((text) => text.trim())).toEqual(['one', 'two', 'three'])
  await again.open('lunch')
  for (const text of ['four', 'five']) await expectOnce(again, text)
})

test('it goes out by itself when the server is back', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await cut(ann.page)
  const seen = await watchRow(ann.page, 'in time')
  await ann.send('in time')
  await expect(row(ann.page, 'in time')).toContainText('Waiting for connection')
  await ann.page.unroute(sends)
  await expect(row(ann.page, 'in time')).not.toContainText('Waiting', { timeout: 15_000 })
  await expectOnce(ann, 'in time')
  expect(await seen()).toEqual(oneRow)
})

test('what is written where the messages cannot be loaded is shown, and they are when the server is back', async ({
  signUp,
  events,
  tolerate,
}) => {
  tolerate(/ERR_|502|CORS/)
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  const client = await apiOf(ann)
  const { id } = await client.createChat({ body: { type: 'public_channel', name: 'lunch' } })
  await client.sendMessage({ params: { id }, body: { content: 'before' } })
  const messages = new RegExp(`/api/chats/${id}/messages`)
  await page.route(messages, (route) => route.fulfill({ status: 500, body: 'no' }))
  await ann.open('lunch')
  const failure = page.getByRole('alert').filter({ hasText: 'could not be loaded' })
  await expect(failure).toBeVisible()
  events.become('refuse')
  await expect(page.getByText('Reconnecting…')).toBeVisible()
  await ann.send('after')
  await expect(row(page, 'after')).toBeVisible()
  await expect(failure).toBeVisible()
  await page.unroute(messages)
  events.become('pass')
  await page.evaluate(`dispatchEvent(new Event('online'))`)
  await expect(failure).toHaveCount(0)
  await expect(page.getByRole('article')).toContainText(['before', 'after'])
})

test('of two tabs one sends, both show', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const context = ann.page.context()
  const sent: string[] = []
  let reachable = false
  await context.route(sends, async (route) => {
    const [, content] = /"content":"(\w+)"/.exec(route.request().postData() ?? '') ?? []
    if (content !== undefined && !reachable) return route.abort('internetdisconnected')
    if (content !== undefined) sent.push(content)
    return route.continue()
  })
  const other = await anotherTab(ann)
  for (const text of ['left', 'right']) await ann.send(text)
  await expect(row(other.page, 'right')).toContainText('Waiting for connection')
  await other.send('here')
  await expect(row(ann.page, 'here')).toContainText('Waiting for connection')

  reachable = true
  await Promise.all(
    [ann, other].map(({ page }) => page.evaluate(`dispatchEvent(new Event('online'))`)),
  )
  for (const person of [ann, other])
    for (const text of ['left', 'right', 'here']) await expectOnce(person, text)
  expect([...new Set(sent)]).toEqual(['left', 'right', 'here'])
  // Who has its turn next may not have heard of the last answer yet, and asks again; the nonce makes it good.
  expect(sent.length).toBeLessThanOrEqual(4)
})

test('a tab that is closed while it sends leaves the rest to another', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const other = await anotherTab(ann)
  await onSend(ann.page, () => undefined)
  await ann.send('half way')
  await expect(row(other.page, 'half way')).toContainText('sending')
  await ann.page.close()
  await expectOnce(other, 'half way')
})

for (const [what, script] of [
  ['is broken', `indexedDB.open = () => { throw new DOMException('broken', 'UnknownError') }`],
  [
    'is full',
    `IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }`,
  ],
] as const)
  test(`where the disk ${what}, messages are sent all the same, and it says so once`, async ({
    signUp,
  }) => {
    const ann = await signUp('ann')
    await ann.page.addInitScript(script)
    await ann.page.reload()
    await ann.send('without a disk')
    await expectOnce(ann, 'without a disk')
    const note = ann.page.getByText('This browser stores nothing.')
    await expect(note).toBeVisible()
    await ann.page.getByRole('button', { name: 'Got it' }).click()
    await ann.send('and again')
    await expectOnce(ann, 'and again')
    await expect(note).toHaveCount(0)
  })
