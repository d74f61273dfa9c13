import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/** The tab of these that holds the stream, by who may hold its lock. */
async function leaderOf(pages: readonly Page[]): Promise<number> {
  const held = await Promise.all(
    pages.map((page) =>
      page.evaluate(async () => {
        const channel = await navigator.locks.query()
        const name = channel.held?.find((lock) => lock.name?.startsWith('parley.stream.'))
        return name?.clientId ?? ''
      }),
    ),
  )
  const own = await Promise.all(
    pages.map((page) =>
      page.evaluate(() =>
        navigator.locks.request(`probe-${Math.random()}`, async (lock) => {
          const { held } = await navigator.locks.query()
          return held?.find((one) => one.name === lock?.name)?.clientId ?? ''
        }),
      ),
    ),
  )
  return own.indexOf(held[0] ?? '')
}

test(
  'of four tabs one has the stream; one that closes or crashes hands over within a second',
  { tag: '@slow' },
  async ({ signUp, invite, events }) => {
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    const tabs = [ann, await ann.tab(), await ann.tab(), await ann.tab()]
    await ben.send('One')
    for (const tab of tabs) await expect(tab.page.getByRole('article')).toContainText('One')
    const first = await leaderOf(tabs.map(({ page }) => page))
    expect(first).toBeGreaterThanOrEqual(0)
    // Ben's and one of Ann's.
    expect(events.streams()).toBe(2)

    const [closed] = tabs.splice(first, 1)
    await closed?.page.close()
    await ben.send('Two')
    for (const tab of tabs)
      await expect(tab.page.getByRole('article')).toHaveCount(2, { timeout: 2_000 })

    const second = await leaderOf(tabs.map(({ page }) => page))
    const [crashed] = tabs.splice(second, 1)
    const session = await crashed?.context.newCDPSession(crashed.page)
    // It never answers.
    void session?.send('Page.crash').catch(() => undefined)
    await ben.send('Three')
    for (const tab of tabs)
      await expect(tab.page.getByRole('article')).toHaveCount(3, { timeout: 4_000 })
  },
)

test('a tab that the browser froze lets another lead, and catches up when it goes on', async ({
  signUp,
  invite,
}) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  const other = await ann.tab()
  const cdp = await ann.context.newCDPSession(ann.page)
  await ann.page.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  await ben.send('While frozen')
  await expect(other.page.getByRole('article')).toContainText('While frozen')
  await cdp.send('Page.setWebLifecycleState', { state: 'active' })
  await ann.page.evaluate(() => document.dispatchEvent(new Event('resume')))
  await expect(ann.page.getByRole('article')).toHaveCount(1)
  await ben.send('Afterwards')
  await expect(ann.page.getByRole('article')).toHaveCount(2)
})
