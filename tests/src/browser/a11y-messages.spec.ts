/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { composer, newest, openBusy } from './a11y-states.ts'
import { test } from './a11y-world.ts'
import { expect, acknowledged } from './fixtures.ts'
import { hear, heard } from './heard.ts'
import { onSend, failedRequests, problem } from './own-messages.ts'

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
const time = String.raw`\d\d:\d\d`

test('a message is its author and its text, and then when it was and that it was edited', async ({
  world,
}) => {
  const { page, benName } = world
  await openBusy(world)
  const said = (text: string) => new RegExp(`^${benName} ${text}`)
  const first = message(page, 'Good morning')
  await expect(first).toHaveAccessibleName(said('Good morning, here is the plan'))
  await expect(first).toHaveAccessibleDescription(new RegExp(`^${time}$`))
  // Below the same name, the name is still heard.
  const second = message(page, 'And one more line')
  await expect(second).toHaveAccessibleName(said('And one more line below the same name.$'))
  const edited = message(page, 'A typo')
  await expect(edited).toHaveAccessibleName(said('A typo$'))
  await expect(edited).toHaveAccessibleDescription(new RegExp(`^${time} \\(edited\\)$`))
  await expect(message(page, 'This message was deleted')).toHaveAccessibleName(
    /^eve-\S+ This message was deleted.$/,
  )
  await expect(message(page, 'answer = 42')).toHaveAccessibleName(
    said('.*export const answer = 42'),
  )
  for (const article of await page.getByRole('article').all())
    await expect(article).not.toHaveAttribute('aria-live')
})

test('code in a message is reached by Tab once the arrows are there', async ({ world }) => {
  const { page } = world
  await openBusy(world)
  const code = page.getByRole('region', { name: 'Code, ts' })
  await expect(code).toHaveAttribute('tabindex', '-1')
  await composer(page).focus()
  for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+Tab')
  await expect(newest(page)).toBeFocused()
  await page.keyboard.press('Home')
  for (const text of ['And one more', 'Not a title', 'answer = 42']) {
    await page.keyboard.press('ArrowDown')
    await expect(message(page, text)).toBeFocused()
  }
  await page.keyboard.press('Tab')
  await expect(code).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Copy code' })).toBeFocused()
})

test('others’ messages are said once, many at most once a second; history and one’s own are not', async ({
  world,
}) => {
  const { ann, page, ben, benName, busy } = world
  await page.addInitScript(hear)
  await openBusy(world)
  await page.getByTestId('scroller').press('Home')
  await ann.send('From myself')
  await acknowledged(message(page, 'From myself'))
  const params = { id: busy }
  await ben.sendMessage({ params, body: { content: 'Just once' } })
  await expect(page.getByRole('log')).toHaveText(`${benName}: Just once`)
  const before = await heard(page)
  expect(before.filter((text) => /^(ben|eve|ann)-/.test(text))).toEqual([`${benName}: Just once`])

  const start = Date.now()
  const texts = Array.from({ length: 20 }, (_, n) => `Quick ${n}`)
  await Promise.all(texts.map((content) => ben.sendMessage({ params, body: { content } })))
  await expect(page.getByRole('article').filter({ hasText: 'Quick' })).toHaveCount(20)
  const seconds = (Date.now() - start) / 1_000
  const since = async () => (await heard(page)).slice(before.length)
  const counted = async () =>
    (await since()).reduce(
      (sum, text) => sum + Number(/^(\d+) new messages$/.exec(text)?.[1] ?? 1),
      0,
    )
  await expect.poll(counted).toBe(20)
  // Two in the first second.
  expect((await since()).length).toBeLessThanOrEqual(1 + Math.max(1, Math.ceil(seconds)))
})

test('what goes wrong is an alert', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await onSend(ann.page, (route) => route.fulfill(problem(413, 'too_large')))
  await ann.send('Far too much')
  await expect(ann.page.getByRole('alert')).toHaveText('Not sent. It is too long.')
  await ann.page.route('**/api/chats', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill(problem(500, 'internal'))
      : route.fallback(),
  )
  await ann.page.getByRole('button', { name: 'Add a channel' }).click()
  await ann.page.getByRole('menuitem', { name: 'Create channel' }).click()
  const dialog = ann.page.getByRole('dialog', { name: 'Create channel' })
  await dialog.getByLabel('Channel name').fill('design')
  await dialog.getByRole('button', { name: 'Create channel' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('That did not work. Try again.')
})
