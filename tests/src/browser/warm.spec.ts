/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'
import { apiOf, onSend, oneRow, sends, watchRow } from './own-messages.ts'
import { row } from './places.ts'
import { signInOn } from './person.ts'

const write = (person: Person): Promise<void> =>
  person.page.evaluate(() => void dispatchEvent(new Event('pagehide')))

/** Whose state the disk has, and what was said in the chats. */
const kept = ({ page }: Person): Promise<{ states: number; said: string[] }> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('parley-cache')
        opening.addEventListener('success', () => {
          const db = opening.result
          const reading = db.transaction(['state', 'messages'])
          const states = reading.objectStore('state').count()
          const chats = reading.objectStore('messages').getAll()
          reading.addEventListener('complete', () => {
            db.close()
            const text = JSON.stringify(chats.result)
            const said = Array.from(
              text.matchAll(/"content":"([^"]*)"/g),
              ([, words = '']) => words,
            )
            resolve({ states: states.result, said })
          })
        })
      }),
  )

test(
  'a page that opens again shows what it knew before the server answers',
  { tag: '@slow' },
  async ({ signUp, invite, tolerate }) => {
    tolerate(/ERR_FAILED/)
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    await ann.send('Kept on the disk')
    await expect(ben.page.getByRole('article')).toContainText('Kept on the disk')
    await write(ann)
    await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['Kept on the disk'] })

    let blocked = true
    await ann.page.route('**/api/**', (route) => (blocked ? route.abort() : route.continue()))
    await ann.page.reload()
    await expect(ann.page.getByRole('article')).toContainText('Kept on the disk')
    await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('#general')
    await expect(ann.page.getByText('Reconnecting…')).toBeVisible({ timeout: 5_000 })
    await ben.send('Written meanwhile')
    blocked = false
    await ann.page.evaluate(() => dispatchEvent(new Event('online')))
    await expect(ann.page.getByText('Back online')).toBeVisible({ timeout: 5_000 })
    await ben.send('And afterwards')
    await expect(ann.page.getByRole('article').last()).toContainText('And afterwards')
  },
)

test('what a page knew a moment before it went away is there when it opens again', async ({
  signUp,
  tolerate,
}) => {
  tolerate(/ERR_FAILED|the server responded with/)
  const ann = await signUp('ann')
  // What is not loaded is not known.
  await expect(ann.page.getByText('This is the start of #general.')).toBeVisible()
  await ann.send('Said just before')
  // No browser promises that what is written as a page goes away is kept, so the page does not wait for it.
  await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['Said just before'] })
  await ann.page.goto('about:blank')
  await ann.page.route('**/api/**', (route) => route.abort())
  await ann.page.goBack()
  await expect(ann.page.getByRole('article')).toContainText('Said just before')
})

test(
  'what is written before the messages are loaded is shown below what was kept, and goes out',
  { tag: '@slow' },
  async ({ signUp, tolerate }) => {
    tolerate(/ERR_FAILED/)
    const ann = await signUp('ann')
    await ann.send('Kept on the disk')
    await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['Kept on the disk'] })
    let blocked = true
    await ann.page.route('**/api/**', (route) => (blocked ? route.abort() : route.continue()))
    await ann.page.reload()
    await expect(ann.page.getByRole('article')).toContainText('Kept on the disk')
    const seen = await watchRow(ann.page, 'Written too early')
    await ann.send('Written too early')
    const articles = ann.page.getByRole('article')
    await expect(articles).toContainText(['Kept on the disk', 'Written too early'])
    await expect(articles.last()).toContainText('Waiting for connection')
    blocked = false
    await ann.page.evaluate(() => dispatchEvent(new Event('online')))
    await expect(articles.last()).toHaveAttribute('data-id', /\d+/)
    expect(await ann.messages()).toEqual(['Kept on the disk', 'Written too early'])
    expect(await seen()).toEqual(oneRow)
  },
)

for (const before of ['what was kept', 'nothing'])
  test(
    `what is written before the messages are loaded stays, its event and its answer there, below ${before}`,
    {
      tag: before === 'nothing' ? [] : ['@slow'],
    },
    async ({ signUp, invite }) => {
      const ann = await signUp('ann')
      const ben = await apiOf(await signUp('ben', { invite: await invite(ann) }))
      const { me } = await (await apiOf(ann)).getBootstrap()
      if (before === 'what was kept') {
        await ann.send('Kept on the disk')
        await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['Kept on the disk'] })
      }
      const [pages, answer, taken] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
      ]
      await ann.page.route(`${sends}**`, async (route) => {
        if (route.request().method() === 'GET') await pages.promise
        await route.fallback()
      })
      await onSend(ann.page, async (route) => {
        const response = await route.fetch()
        taken.resolve()
        await answer.promise
        await route.fulfill({ response })
      })
      await ann.page.reload()
      const seen = await watchRow(ann.page, 'Written too early')
      await ann.send('Written too early')
      await taken.promise
      const { id } = await ben.createChat({ body: { type: 'single', user_id: me.id } })
      await ben.sendMessage({ params: { id }, body: { content: 'Comes after it' } })
      await expect(row(ann.page, 'ben')).toBeVisible()
      const article = ann.page.getByRole('article').filter({ hasText: 'Written too early' })
      await expect(article).toBeVisible()
      answer.resolve()
      await expect(article).toBeVisible()
      pages.resolve()
      await expect(article).toHaveAttribute('data-id', /\d+/)
      expect(await seen()).toEqual(oneRow)
    },
  )

test('a page that opens again asks for two things until it is live', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  await ben.send('Kept on the disk')
  await expect(ann.page.getByRole('article')).toContainText('Kept on the disk')
  await write(ann)
  await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['Kept on the disk'] })
  const asked: string[] = []
  ann.page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (['fetch', 'xhr', 'eventsource'].includes(request.resourceType()))
      asked.push(`${request.method()} ${pathname}`)
  })
  const stream = ann.page.waitForResponse((one) => new URL(one.url()).pathname === '/events')
  await ann.page.reload()
  await stream
  expect(asked).toEqual(['POST /api/auth/refresh', 'GET /events'])
  await ben.send('And now')
  await expect(ann.page.getByRole('article').last()).toContainText('And now')
})

test('who has a session is sent the program with the page, once', async ({ signUp, device }) => {
  const ann = await signUp('ann')
  await ann.page.reload()
  await expect(ann.page.getByRole('textbox', { name: /^Message / })).toBeVisible()
  const asked = (page: Page): Promise<string[]> =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap((entry) =>
          entry instanceof PerformanceResourceTiming && /\/app-.*\.(js|css)$/.test(entry.name)
            ? [entry.name.split('.').at(-1) ?? '']
            : [],
        ),
    )
  expect((await asked(ann.page)).toSorted()).toEqual(['css', 'js'])
  // It stands before the script that would ask for it only once it runs.
  const isAhead = (page: Page): Promise<boolean> =>
    page.evaluate(() => {
      const [link, script] = ['link[rel=modulepreload][href*="/app-"]', 'script[type=module]'].map(
        (selector) => document.querySelector(selector),
      )
      if (!link || !script) return false
      return (link.compareDocumentPosition(script) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
    })
  expect(await isAhead(ann.page)).toBe(true)
  const door = await (await device()).newPage()
  await door.goto('/signin')
  await expect(door.getByLabel('Email')).toBeVisible()
  expect(await isAhead(door)).toBe(false)
})

test('a cache that is broken is begun anew', { tag: '@slow' }, async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('In the database')
  await expect(ann.page.getByRole('article')).toContainText('In the database')
  await write(ann)
  await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['In the database'] })
  await ann.page.evaluate(async () => {
    const opening = indexedDB.open('parley-cache')
    await new Promise((done) => opening.addEventListener('success', done))
    const db = opening.result
    const writing = db.transaction('state', 'readwrite')
    const [key] = await new Promise<IDBValidKey[]>((done) => {
      const keys = writing.objectStore('state').getAllKeys()
      keys.addEventListener('success', () => done(keys.result))
    })
    writing.objectStore('state').put({ version: 1, state: 'nonsense', cursor: 7 }, key)
    await new Promise((done) => writing.addEventListener('complete', done))
    db.close()
  })
  await ann.page.goto('about:blank')
  await ann.page.goBack()
  await expect(ann.page.getByRole('article')).toContainText('In the database')
  await ann.send('Still works')
  await expect(ann.page.getByRole('article').last()).toContainText('Still works')
})

test('whoever is removed from a channel keeps none of its messages', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const ben = await signUp('ben')
  const ann = await signUp('ann', { invite: await invite(ben) })
  const [bens, anns] = [await clientOf(ben), await clientOf(ann)]
  const { me } = await anns.getBootstrap()
  const { id } = await bens.createChat({
    body: { type: 'private_channel', name: 'attic', user_ids: [me.id] },
  })
  await bens.sendMessage({ params: { id }, body: { content: 'For few' } })
  await ann.open('attic')
  await expect(ann.page.getByRole('article')).toContainText('For few')
  await write(ann)
  await expect.poll(() => kept(ann)).toEqual({ states: 1, said: ['For few'] })
  await bens.removeChatMember({ params: { id, user_id: me.id } })
  await expect(ann.page.getByRole('link', { name: 'attic' })).toHaveCount(0)
  await expect(ann.page.getByText('For few')).toHaveCount(0)
  await expect.poll(() => kept(ann)).toEqual({ states: 1, said: [] })
})

test('a clock that is two hours wrong changes neither the session nor the order', async ({
  device,
  signUp,
  invite,
}) => {
  const ann = await signUp('ann')
  const path = await invite(ann)
  const ben = await signUp('ben', { invite: path })
  const context = await device()
  await context.addInitScript(() => {
    const real = Date.now.bind(Date)
    Date.now = () => real() - 2 * 3_600_000
  })
  const { page } = await signInOn(await context.newPage(), ann.name, ann.email)
  await expect(page.getByRole('textbox', { name: /^Message / })).toBeVisible()
  await ben.send('First')
  await expect(page.getByRole('article')).toHaveCount(1)
  await page.getByRole('textbox', { name: /^Message / }).fill('Second')
  await page.getByRole('textbox', { name: /^Message / }).press('Enter')
  await ben.send('Third')
  await expect(page.getByRole('article')).toContainText(['First', 'Second', 'Third'])
})
