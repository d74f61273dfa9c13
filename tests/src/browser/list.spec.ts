/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { drift, frames, scrollFrames } from './drift.ts'
import { type Person, expect, test } from './fixtures.ts'
import { article, fromEnd, list, scrollBy, worldOf } from './list-world.ts'

const lines = (count: number): string[] => Array.from({ length: count }, (_, n) => `line ${n}`)

test('a chat opens at the New line, a third below the top, and is read at its end', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { ann, chat, path, say } = await worldOf(parley, reader, 200)
  await say(...lines(60))
  await page.goto(path)
  const line = page.getByRole('separator', { name: 'New messages' })
  await expect(line).toBeVisible()
  const box = await list(page).boundingBox()
  const place = await line.boundingBox()
  const part = ((place?.y ?? 0) - (box?.y ?? 0)) / (box?.height ?? 1)
  expect(part).toBeGreaterThan(0.3)
  expect(part).toBeLessThan(0.37)
  await expect(article(page, 'line 0')).toBeVisible()
  const unread = async () => (await ann.getChat({ params: { id: chat } })).unread_count
  expect(await unread()).toBe(60)
  await page.getByRole('button', { name: /^Jump to latest/ }).click()
  await expect(article(page, 'line 59')).toBeVisible()
  await expect.poll(unread).toBe(0)
  await scrollBy(page, -1500)
  await expect(line).toBeVisible()
})

test('what is read does not move while older pages come, nor while messages do', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const text = (n: number) => `message ${n}\n`.repeat(1 + (n % 7))
  const { say, path } = await worldOf(parley, reader, 400, text)
  await page.goto(path)
  await expect(page.getByText('message 399').first()).toBeVisible()
  /** A page that is asked for comes when it is let. */
  let arrive = (): void => undefined
  let asked = 0
  await page.route(/messages\?before/, async (route) => {
    const answer = await route.fetch()
    await new Promise<void>((done) => {
      arrive = done
      asked++
    })
    await route.fulfill({ response: answer })
  })
  for (let pages = 1; pages <= 6; pages++) {
    await list(page).evaluate((box) => (box.scrollTop = 300))
    await expect.poll(() => asked).toBe(pages)
    await frames(page)
    const moved = await drift(page, async () => {
      const rows = await list(page).evaluate((box) => box.scrollHeight)
      arrive()
      await say('from below')
      await expect.poll(() => list(page).evaluate((box) => box.scrollHeight)).toBeGreaterThan(rows)
      await frames(page)
    })
    expect(moved).toEqual({ worst: 0, lost: 0 })
  }
})

test('at the end, the list stays there', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { say, path, ann, chat } = await worldOf(parley, reader, 60)
  await page.goto(path)
  await expect(article(page, 'message 59')).toBeVisible()
  for (const text of ['short', 'a\nb\nc\nd\ne', '```\n1\n2\n3\n```\nlong']) {
    await say(text)
    await expect(page.getByRole('article').last()).toContainText(text.slice(-1))
    await expect.poll(() => fromEnd(page)).toBeLessThan(2)
  }
  await page.setViewportSize({ width: 700, height: 400 })
  await expect.poll(() => fromEnd(page)).toBeLessThan(2)
  await expect.poll(async () => (await ann.getChat({ params: { id: chat } })).unread_count).toBe(0)
  await scrollBy(page, -600)
  await say('unseen')
  await expect(page.getByRole('button', { name: /1 new message/ })).toBeVisible()
  expect(await fromEnd(page)).toBeGreaterThan(300)
})

async function actOn(person: Person, text: string, action: string): Promise<void> {
  await article(person.page, text).hover()
  await person.page.getByRole('toolbar').getByRole('button', { name: action }).click()
}

test(
  'a message is deleted, unless one takes it back',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    const reader = await signUp('ann')
    const { page } = reader
    const { bob, chat, path, say } = await worldOf(parley, reader)
    await page.goto(path)
    await say('of bob')
    await reader.send('mine')
    await expect(article(page, 'mine')).toBeVisible()
    await article(page, 'of bob').hover()
    await expect(page.getByRole('toolbar').getByRole('button')).toHaveCount(2)
    const texts = async () =>
      (await bob.listMessages({ params: { id: chat }, query: {} })).messages.map(
        ({ content }) => content,
      )
    await actOn(reader, 'mine', 'Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByText('This message was deleted.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(article(page, 'mine')).toBeVisible()
    expect(await texts()).toEqual(['of bob', 'mine'])
    await article(page, 'mine').hover()
    const remove = page.getByRole('toolbar').getByRole('button', { name: 'Delete' })
    await remove.click({ modifiers: ['Shift'] })
    await expect(page.getByText('This message was deleted.')).toBeVisible()
    await expect.poll(texts, { timeout: 8_000 }).toEqual(['of bob', ''])
  },
)

test('a message is marked unread until one leaves the chat', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { ann, chat, path, say } = await worldOf(parley, reader)
  const unread = async () => (await ann.getChat({ params: { id: chat } })).unread_count
  await say('one', 'two', 'three')
  await page.goto(path)
  await expect.poll(unread).toBe(0)
  await actOn(reader, 'two', 'Mark unread from here')
  await expect.poll(unread).toBe(2)
  await expect(page.getByRole('separator', { name: 'New messages' })).toBeVisible()
  await say('four')
  await expect(article(page, 'four')).toBeVisible()
  await expect.poll(unread).toBe(3)
  await page.goto('/')
  await page.goto(path)
  await expect.poll(unread).toBe(0)
})

test('nothing is read by a window that nobody looks at', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { ann, chat, path, say } = await worldOf(parley, reader)
  await say('one', 'two')
  await page.addInitScript(() => {
    let looks = false
    document.hasFocus = () => looks
    addEventListener('focus', () => (looks = true), { capture: true, once: true })
  })
  let marks = 0
  page.on('request', (request) => (marks += Number(request.url().endsWith('/read'))))
  await page.goto(path)
  await expect(article(page, 'two')).toBeVisible()
  await say('three')
  await expect(article(page, 'three')).toBeVisible()
  // Longer than a look has to be.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)))
  expect(marks).toBe(0)
  await page.evaluate(() => dispatchEvent(new FocusEvent('focus')))
  const unread = async () => (await ann.getChat({ params: { id: chat } })).unread_count
  await expect.poll(unread).toBe(0)
  expect(marks).toBe(1)
})

test('one comes back to where one was in a chat', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { bob, ann, chat, path } = await worldOf(parley, reader, 150)
  const { workspace_id } = await ann.getChat({ params: { id: chat } })
  const other = await bob.createChat({
    body: { type: 'public_channel', name: 'elsewhere', workspace_id: workspace_id ?? 0 },
  })
  await ann.joinChat({ params: { id: other.id } })
  await page.goto(path)
  await expect(article(page, 'message 149')).toBeVisible()
  await list(page).hover()
  await page.mouse.wheel(0, -900)
  await expect(article(page, 'message 149')).not.toBeInViewport()
  await frames(page)
  const first = () =>
    list(page).evaluate((box) => {
      const { top } = box.getBoundingClientRect()
      const found = [...box.querySelectorAll('article')].find(
        (one) => one.getBoundingClientRect().top >= top,
      )
      return [found?.dataset['id'], Math.round((found?.getBoundingClientRect().top ?? 0) - top)]
    })
  const [before] = [await first()]
  await reader.open('elsewhere')
  await expect(page.getByText('This is the start of #elsewhere.')).toBeVisible()
  await reader.open('general')
  await expect.poll(first).toEqual(before)
})

test('several messages are copied as a line each', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path, say } = await worldOf(parley, reader)
  await say('first', 'some `code` and **bold**', 'last')
  await page.goto(path)
  await expect(article(page, 'last')).toBeVisible()
  const copied = await list(page).evaluate((box) => {
    const texts = [...box.querySelectorAll('[data-text]')]
    const [from, to] = [texts[0]?.querySelector('p')?.firstChild, texts.at(-1)]
    if (!from || !to) return ''
    getSelection()?.setBaseAndExtent(from, 2, to, to.childNodes.length)
    const clipboardData = new DataTransfer()
    to.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }))
    return clipboardData.getData('text/plain')
  })
  expect(copied).toMatch(
    /^founder-\S+, \d\d:\d\d: rst\nfounder-\S+, \d\d:\d\d: some code and bold\nfounder-\S+, \d\d:\d\d: last$/,
  )
})

test('at the first message all of the screen is drawn, however one came there', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const text = (n: number) => `${'line\n'.repeat(n % 4)}message ${n}`
  const { path } = await worldOf(parley, reader, 200, text)
  await page.goto(path)
  await expect(article(page, 'message 199')).toBeVisible()
  await list(page).evaluate(async (box) => {
    while (!box.querySelector('li')?.textContent.includes('This is the start of')) {
      box.scrollTop = 0
      await new Promise(requestAnimationFrame)
    }
  })
  for (const n of [0, 3, 6]) await expect(article(page, `message ${n}`)).toBeInViewport()
})

test('others’ messages are said once, one’s own and history are not', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path, say } = await worldOf(parley, reader, 3)
  await page.goto(path)
  await expect(article(page, 'message 2')).toBeVisible()
  const log = page.getByRole('log').locator('p')
  await reader.send('mine')
  await say('hello')
  await expect(log).toHaveText([/^founder-.*: hello$/])
  await say(...lines(20))
  await expect(article(page, 'line 19')).toBeVisible()
  await expect(log.last()).toHaveText(/new messages$/)
  expect(await log.count()).toBeLessThan(6)
})

test('hostile text stays text, in its own row', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path, say } = await worldOf(parley, reader)
  await page.goto(path)
  page.on('dialog', () => expect('a dialog').toBe('none'))
  await expect(page.getByText('This is the start of')).toBeVisible()
  await say(
    '<img src=x onerror=alert(1)><script>alert(1)</script>',
    '[click](javascript:alert(1)) <javascript:alert(1)>',
    '[https://bank.example](https://evil.example/)',
    `Z${'\u0301\u0316\u0489'.repeat(400)}algo`,
    '\u202eevil \u2066text',
    'x'.repeat(4000),
    `\`\`\`js\n${'const a = 1; '.repeat(300)}\n\`\`\``,
    `${'> '.repeat(3000)}deep`,
    'the end',
  )
  await expect(article(page, 'the end')).toBeVisible()
  const link = page.getByRole('link', { name: 'bank.example' })
  await expect(link).toHaveText('https://bank.example (evil.example)')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await expect(page.getByRole('link', { name: 'click' })).toHaveCount(0)
  const wide = await list(page).evaluate((box) => box.scrollWidth - box.clientWidth)
  expect(wide).toBe(0)
  await page.getByText('const a = 1;').first().hover()
  await expect(page.getByRole('button', { name: 'Copy code' })).toBeVisible()
})

test('one can turn round right after an older page came', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path } = await worldOf(parley, reader, 900)
  await page.goto(path)
  await expect(article(page, 'message 899')).toBeVisible()
  for (let pages = 0; pages < 8; pages++) {
    // A page comes while the list is at its start, and in the next frame one goes down.
    const blank = await list(page).evaluate(async (box) => {
      const frame = () => new Promise(requestAnimationFrame)
      const { scrollHeight } = box
      box.scrollTop = 0
      for (let n = 0; n < 100 && box.scrollHeight === scrollHeight; n++) await frame()
      const { top, height } = box.getBoundingClientRect()
      let blank = 0
      for (let n = 0; n < 5; n++) {
        box.scrollTop += 300
        blank += [...box.querySelectorAll('li')].every((row) => {
          const { top: start, bottom } = row.getBoundingClientRect()
          return start > top + height / 2 || bottom < top + height / 2
        })
          ? 1
          : 0
        await frame()
      }
      return blank
    })
    expect(blank).toBeLessThanOrEqual(1)
  }
})

test(
  '10,000 messages scroll without a blank frame',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    test.setTimeout(180_000)
    const reader = await signUp('ann')
    const { page } = reader
    const { path } = await worldOf(parley, reader, 10_000)
    await page.goto(path)
    await expect(article(page, 'message 9999')).toBeVisible()
    const first = article(page, 'message 0')
    await expect(async () => {
      await list(page).evaluate((box) => (box.scrollTop = 0))
      await expect(first).toBeVisible({ timeout: 50 })
    }).toPass({ timeout: 150_000, intervals: [20] })
    for (const pixels of [50, 333, -50, -333]) {
      const { blank, mostRows } = await scrollFrames(page, 120, pixels)
      expect({ pixels, blank }).toEqual({ pixels, blank: 0 })
      expect(mostRows).toBeLessThanOrEqual(300)
    }
    await list(page).evaluate((box) => (box.scrollTop = box.scrollHeight))
    await expect(article(page, 'message 9999')).toBeVisible()
  },
)
