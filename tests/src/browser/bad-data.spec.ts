/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { expect, test, acknowledged } from './fixtures.ts'
import { worldOf } from './list-world.ts'
import { createChannel, row, title } from './places.ts'
import { stored, writeDown } from './stored.ts'

const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
const unreadable = (page: Page) => article(page, 'This message can’t be shown.')

/** What is put in place of a frame's message, by its text; the rest of the stream is as it is. */
const broken: Record<string, (frame: string) => string> = {
  'unknown kind': (frame) => frame.replaceAll('NewMessage', 'Earthquake'),
  'no JSON': (frame) => frame.replace(/data: .*/, 'data: {"topic":"chat:'),
  'no bytes': (frame) => frame.replace(/data: .*/, 'data:'),
  'no message': (frame) => frame.replace(/"message":\{.*\}/, '"message":null'),
  'no text': (frame) => frame.replace('"content":"no text"', '"content":{"a":7}'),
  'no mentions': (frame) => frame.replace(/"mentions":\[\],/, ''),
  'no time': (frame) => frame.replace(/"created_at":"[^"]+"/, '"created_at":"yesterday"'),
  'no sender': (frame) => frame.replace(/"sender_id":\d+/, '"sender_id":999999'),
  'of the future': (frame) => frame.replace(/"created_at":"\d+/, '"created_at":"2999'),
  'a megabyte': (frame) =>
    frame.replace('"content":"a megabyte"', `"content":"a megabyte ${'> x* '.repeat(200_000)}"`),
}

test(
  'frames that are broken, odd or huge take nothing else away, and one row may say so',
  { tag: '@slow' },
  async ({ signUp, parley, events }) => {
    const reader = await signUp('ann')
    const { page } = reader
    const { path, say } = await worldOf(parley, reader)
    await page.goto(path)
    await expect(page.getByText('This is the start of #general.')).toBeVisible()
    const warnings: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text())
    })
    events.alter((frame) => {
      const [, text = ''] = /"content":"([^"]*)"/.exec(frame) ?? []
      return broken[text]?.(frame) ?? frame
    })
    for (const text of Object.keys(broken)) {
      await say(text, `after ${text}`)
      await expect(article(page, `after ${text}`)).toHaveCount(1)
    }
    // What did not come whole is asked for again; what this page does not know is passed over.
    for (const text of ['no JSON', 'no bytes', 'no sender', 'of the future', 'a megabyte'])
      await expect(article(page, text).filter({ hasNotText: `after ${text}` })).toHaveCount(1)
    await expect(unreadable(page)).toHaveCount(3)
    expect(warnings.filter((text) => text.includes('cannot be shown'))).toHaveLength(1)
    const all = await page.getByRole('article').allTextContents()
    const after = all.flatMap((text) => /after ([a-zA-Z ]+?)$/.exec(text)?.[1] ?? [])
    expect(after).toEqual(Object.keys(broken))
    const scroller = page.getByTestId('scroller')
    expect(await scroller.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)

    await reader.send('mine')
    await acknowledged(article(page, 'mine'))
    events.alter()
    await page.evaluate(() => indexedDB.deleteDatabase('parley-cache'))
    await page.reload()
    await expect(article(page, 'mine')).toBeVisible()
    await expect(unreadable(page)).toHaveCount(0)
  },
)

test('what broke on the disk shows as broken until the server tells, and one can go on', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  await ann.send('one')
  await ann.send('two')
  await expect(page.getByRole('article')).toHaveCount(2)
  await writeDown(page)
  await expect.poll(() => stored(page)).toContain('"content":"two"')
  await page.evaluate(async () => {
    const opening = indexedDB.open('parley-cache')
    await new Promise((done) => opening.addEventListener('success', done))
    const writing = opening.result.transaction('messages', 'readwrite')
    const rows = writing.objectStore('messages')
    const keys = rows.getAllKeys()
    await new Promise((done) => keys.addEventListener('success', done))
    const messages = [null, 7, 'x', { id: 1 }, { id: 2, seq: 2, created_at: 'never', content: 7 }]
    rows.put({ chat_id: Number(keys.result[0]), messages, used: Date.now() })
    await new Promise((done) => writing.addEventListener('complete', done))
    opening.result.close()
  })
  await page.goto('about:blank')
  await page.goBack()
  await expect(page.getByRole('article').locator('p')).toHaveText(['one', 'two'])
  await ann.send('three')
  await expect(page.getByRole('article').locator('p')).toHaveText(['one', 'two', 'three'])
})

test('a channel that was deleted meanwhile is not there when one comes back to it', async ({
  signUp,
  clientOf,
  tolerate,
}) => {
  tolerate(/404/)
  const ann = await signUp('ann')
  const { page } = ann
  await createChannel(page, 'design')
  await ann.send('Lines and colours')
  await acknowledged(article(page, 'Lines and colours'))
  await writeDown(page)
  await expect.poll(() => stored(page)).toContain('Lines and colours')
  const place = page.url()
  const client = await clientOf(ann)
  await page.goto('about:blank')
  await client.deleteChat({ params: { id: Number(place.split('/').at(-1)) } })
  await page.goto(place)
  await expect(title(page)).toHaveText('Not found')
  await expect(row(page, 'design')).toHaveCount(0)
  await expect(page.getByText('Lines and colours')).toHaveCount(0)
  await ann.open('general')
  await ann.send('Elsewhere')
  await expect(article(page, 'Elsewhere')).toBeVisible()
  await expect.poll(() => stored(page)).not.toContain('Lines and colours')
})

test('a channel that the server fails at says so, and all others work', async ({
  signUp,
  clientOf,
  tolerate,
}) => {
  tolerate(/500/)
  const ann = await signUp('ann')
  const { page } = ann
  const { id } = await (
    await clientOf(ann)
  ).createChat({ body: { type: 'private_channel', name: 'design' } })
  const pages = new RegExp(`/api/chats/${id}/messages`)
  await page.route(pages, (route) => route.fulfill({ status: 500, body: 'no' }))
  await ann.open('design')
  const failure = page.getByRole('alert').filter({ hasText: 'The messages could not be loaded.' })
  await expect(failure).toBeVisible()
  await ann.open('general')
  await ann.send('Here it works')
  await acknowledged(article(page, 'Here it works'))
  await ann.open('design')
  await expect(failure).toBeVisible()
  await page.unroute(pages)
  await failure.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('This is the start of #design.')).toBeVisible()
  await ann.send('And here again')
  await acknowledged(article(page, 'And here again'))
})

test('a disk without any room takes away the fast start and nothing else', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  await ann.send('without room')
  await acknowledged(article(page, 'without room'))
  await writeDown(page)
  await page.reload()
  await expect(article(page, 'without room')).toBeVisible()
  await ann.send('and again')
  await acknowledged(article(page, 'and again'))
  await expect(page.getByText('This browser stores nothing.')).toBeVisible()
})
