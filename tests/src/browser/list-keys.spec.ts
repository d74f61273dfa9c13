/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { expect, test } from './fixtures.ts'
import { article, list, worldOf } from './list-world.ts'

test('the list is one stop for Tab, and the arrows move by message', async ({ signUp, parley }) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path } = await worldOf(parley, reader, 40)
  await page.goto(path)
  await expect(article(page, 'message 39')).toBeVisible()
  const box = page.getByRole('textbox', { name: /^Message / })
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await box.focus()
  for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+Tab')
  await expect(article(page, 'message 39')).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(article(page, 'message 38')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(article(page, 'message 0')).toBeFocused()
  await page.keyboard.press('End')
  await expect(article(page, 'message 39')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Mark unread from here' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(article(page, 'message 39')).toBeFocused()
  for (let n = 0; n < 2; n++) await page.keyboard.press('Tab')
  await expect(box).toBeFocused()
})

test('Home and End lead to the first and the last message of a chat, loaded or not', async ({
  signUp,
  parley,
}) => {
  const reader = await signUp('ann')
  const { page } = reader
  const { path } = await worldOf(parley, reader, 500)
  // What the browser kept is there before the page that is loaded.
  const loaded = page.waitForResponse(/\/messages\?/)
  await page.goto(path)
  await loaded
  await expect(article(page, 'message 499')).toBeVisible()
  let asked = 0
  // The page before the last ones may be on its way still.
  const counts = /\/messages\?(?!before)/
  page.on('request', (request) => (asked += Number(counts.test(request.url()))))
  await article(page, 'message 499').focus()
  await page.keyboard.press('Home')
  await expect(article(page, 'message 0')).toBeFocused()
  await expect(page.getByText('This is the start of')).toBeInViewport()
  await expect(article(page, 'message 9')).toBeInViewport()
  // The first messages, and the page that comes after them.
  expect(asked).toBeLessThanOrEqual(2)
  await page.keyboard.press('End')
  await expect(article(page, 'message 499')).toBeFocused()
})

test(
  'PageUp and PageDown move the focus by a screen, and older messages come with it',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    const reader = await signUp('ann')
    const { page } = reader
    const text = (n: number) => `${'line\n'.repeat(n % 4)}message ${n}`
    const { path } = await worldOf(parley, reader, 300, text)
    await page.goto(path)
    await article(page, 'message 299').focus()
    const focused = () =>
      list(page).evaluate((box) => {
        const { activeElement: element } = document
        const n = Number(/message (\d+)$/.exec(element?.textContent.trim() ?? '')?.[1])
        return { n, top: element?.getBoundingClientRect().top ?? 0, screen: box.clientHeight }
      })
    const topOf = async (n: number) => (await article(page, `message ${n}`).boundingBox())?.y ?? 0
    const tallest = (await article(page, 'message 299').boundingBox())?.height ?? 0
    for (const [key, step] of [
      ['PageUp', -1],
      ['PageUp', -1],
      ['PageDown', 1],
    ] as const) {
      const before = await focused()
      await page.keyboard.press(key)
      await expect.poll(async () => Math.sign((await focused()).n - before.n)).toBe(step)
      // But for what it takes to see all of the message.
      const moved = (await topOf(before.n)) - before.top
      expect(Math.abs(moved + step * before.screen)).toBeLessThan(tallest)
      expect(Math.abs((await focused()).top - before.top)).toBeLessThan(tallest)
    }
    const until = (key: string, text: string) =>
      expect(async () => {
        await page.keyboard.press(key)
        await expect(article(page, text)).toBeFocused({ timeout: 50 })
      }).toPass({ intervals: [10] })
    await until('PageUp', 'message 0')
    await page.keyboard.press('PageUp')
    await expect(article(page, 'message 0')).toBeFocused()
    await until('PageDown', 'message 299')
  },
)
