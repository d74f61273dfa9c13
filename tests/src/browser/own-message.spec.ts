import { expect, test, acknowledged } from './fixtures.ts'
import {
  expectOnce,
  failedRequests,
  onSend,
  oneRow,
  problem,
  sends,
  watchRow,
} from './own-messages.ts'

test.describe.configure({ mode: 'parallel' })

test('a message is there with the key press, while the server takes its time', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await onSend(ann.page, async (route) => {
    await released
    await route.continue()
  })
  const seen = await watchRow(ann.page, 'slow but sure')
  await ann.send('slow but sure')
  const row = ann.page.getByRole('article').filter({ hasText: 'slow but sure' })
  await expect(row).toContainText('sending')
  await expect(ann.page.getByRole('textbox', { name: /^Message / })).toBeEmpty()
  release()
  await expectOnce(ann, 'slow but sure')
  expect(await seen()).toEqual(oneRow)
})

test('the event may come before the answer', async ({ signUp }) => {
  const ann = await signUp('ann')
  const row = ann.page.getByRole('article').filter({ hasText: 'event first' })
  await onSend(ann.page, async (route) => {
    const response = await route.fetch()
    await acknowledged(row)
    await route.fulfill({ response })
  })
  const seen = await watchRow(ann.page, 'event first')
  await ann.send('event first')
  await expectOnce(ann, 'event first')
  expect(await seen()).toEqual(oneRow)
})

test('the answer may come before the event', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await ann.page.route('**/events**', (route) => route.abort())
  await ann.page.reload()
  const seen = await watchRow(ann.page, 'answer first')
  await ann.send('answer first')
  const row = ann.page.getByRole('article').filter({ hasText: 'answer first' })
  await expect(row).toBeVisible()
  await acknowledged(row)
  await ann.page.unroute('**/events**')
  await ann.page.evaluate(`dispatchEvent(new Event('online'))`)
  await ann.send('and another')
  await expectOnce(ann, 'and another')
  await expectOnce(ann, 'answer first')
  expect(await seen()).toEqual(oneRow)
  await ann.page.reload()
  await expectOnce(ann, 'answer first')
})

test('what fails says so, and Try again sends it once', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await onSend(ann.page, (route, attempt) =>
    attempt === 1 ? route.fulfill(problem(500, 'internal')) : route.continue(),
  )
  const seen = await watchRow(ann.page, 'at last')
  await ann.send('at last')
  const row = ann.page.getByRole('article').filter({ hasText: 'at last' })
  await expect(row.getByRole('alert')).toHaveText('Not sent.')
  await row.getByRole('button', { name: 'Try again' }).click()
  await expectOnce(ann, 'at last')
  expect(await seen()).toEqual(oneRow)
})

test('an answer that is lost does not make a second message', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await onSend(ann.page, async (route, attempt) => {
    if (attempt > 1) return route.continue()
    await route.fetch()
    return route.abort()
  })
  const seen = await watchRow(ann.page, 'heard twice')
  await ann.send('heard twice')
  await expectOnce(ann, 'heard twice')
  expect(await seen()).toEqual(oneRow)
})

test('too many requests wait as long as the server says, by themselves', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const times: number[] = []
  await onSend(ann.page, (route, attempt) => {
    times.push(Date.now())
    return attempt === 1
      ? route.fulfill(problem(429, 'rate_limited', { 'retry-after': '2' }))
      : route.continue()
  })
  const seen = await watchRow(ann.page, 'patience')
  await ann.send('patience')
  await ann.send('and after it')
  await expectOnce(ann, 'and after it')
  await expectOnce(ann, 'patience')
  expect(await seen()).toEqual(oneRow)
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1990)
  const texts = await ann.page.getByRole('article').allTextContents()
  expect(texts.findIndex((text) => text.includes('patience'))).toBe(texts.length - 2)
})

test('what the server does not take can be deleted, and what follows it goes out', async ({
  signUp,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await onSend(ann.page, (route, attempt) =>
    attempt === 1 ? route.fulfill(problem(413, 'too_large')) : route.continue(),
  )
  await ann.send('enormous')
  await ann.send('small')
  const row = ann.page.getByRole('article').filter({ hasText: 'enormous' })
  await expect(row.getByRole('alert')).toHaveText('Not sent. It is too long.')
  await expectOnce(ann, 'small')
  await ann.page.reload()
  await expect(row.getByRole('alert')).toBeVisible()
  await row.getByRole('button', { name: 'Delete' }).click()
  await expect(row).toHaveCount(0)
  await ann.page.reload()
  await expectOnce(ann, 'small')
  await expect(row).toHaveCount(0)
})

test(
  'after ten seconds without an answer a message counts as not sent',
  { tag: '@slow' },
  async ({ signUp }) => {
    const ann = await signUp('ann', { expects: failedRequests })
    await ann.page.route(sends, (route) =>
      route.request().method() === 'POST' ? undefined : route.fallback(),
    )
    const seen = await watchRow(ann.page, 'into the void')
    await ann.send('into the void')
    const row = ann.page.getByRole('article').filter({ hasText: 'into the void' })
    await expect(row).toContainText('sending')
    await expect(row.getByRole('alert')).toHaveText('Not sent.', { timeout: 15_000 })
    await ann.page.unroute(sends)
    await row.getByRole('button', { name: 'Try again' }).click()
    await expectOnce(ann, 'into the void')
    expect(await seen()).toEqual(oneRow)
  },
)

test('a token that is refused is renewed, and the message goes out', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  await onSend(ann.page, (route, attempt) =>
    attempt === 1 ? route.fulfill(problem(401, 'not_signed_in')) : route.continue(),
  )
  const seen = await watchRow(ann.page, 'still me')
  await ann.send('still me')
  await expectOnce(ann, 'still me')
  expect(await seen()).toEqual(oneRow)
})
