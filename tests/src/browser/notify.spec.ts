import type { BrowserContext, Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'

/** Keeps what the page would show as a notification of the system. */
const recordNotifications = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const shown: string[] = []
    Reflect.set(window, 'shown', shown)
    class Recorded extends EventTarget {
      static permission = 'granted'
      static async requestPermission(): Promise<string> {
        Recorded.permission = 'granted'
        return 'granted'
      }
      constructor(title: string, { body, silent }: { body: string; silent?: boolean }) {
        super()
        // Parley has sounds of its own.
        if (shown.push(`${title}: ${body}${silent ? '' : ' aloud'}`) === 1)
          window.addEventListener('test:click', () => this.dispatchEvent(new Event('click')))
      }
      close(): void {}
    }
    Reflect.set(window, 'Notification', Recorded)
  })

const shownOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const shown: unknown = Reflect.get(window, 'shown')
    return Array.isArray(shown) ? shown.map(String) : []
  })

async function all(people: readonly Person[]): Promise<string[]> {
  return (await Promise.all(people.map(({ page }) => shownOn(page)))).flat()
}

test('of several tabs one tells of a message, and a click leads to its chat', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const ann = await signUp('ann')
  await recordNotifications(ann.context)
  const ben = await signUp('ben', { invite: await invite(ann) })
  const tabs = [ann, await ann.tab(), await ann.tab()]
  await ann.page.reload()
  await expect(ann.page.getByRole('textbox', { name: /^Message / })).toBeVisible()
  const client = await clientOf(ben)
  const { me } = await (await clientOf(ann)).getBootstrap()
  const direct = await client.createChat({ body: { type: 'single', user_id: me.id } })
  const say = (content: string) =>
    client.sendMessage({ params: { id: direct.id }, body: { content } })
  await say('One')
  await expect.poll(() => all(tabs), { timeout: 3_000 }).toEqual([`${ben.name}: One`])

  // Do not disturb: badges count, nothing is told.
  const elsewhere = await clientOf(ann)
  const disturbed = () =>
    ann.page.evaluate(([id]) => localStorage.getItem(`parley.dnd.${id}`), [me.id])
  await elsewhere.setMyPresence({ body: { dnd: true } })
  await expect.poll(disturbed).toBe('Infinity')
  await say('Two')
  for (const { page } of tabs) await expect(page).toHaveTitle(/^\(2\)/)
  expect(await all(tabs)).toHaveLength(1)
  await elsewhere.setMyPresence({ body: { dnd: false } })
  await expect.poll(disturbed).toBe(null)

  // What one looks at oneself is not told either.
  await ann.page.bringToFront()
  await ben.send('In general')
  await expect(ann.page.getByRole('article').last()).toContainText('In general')
  expect((await all(tabs)).filter((text) => text.includes('In general'))).toEqual([])

  const leader = (await Promise.all(tabs.map(({ page }) => shownOn(page)))).findIndex(
    (texts) => texts.length > 0,
  )
  const page = tabs[leader]?.page
  await page?.evaluate(() => void dispatchEvent(new Event('test:click')))
  await expect(page ?? ann.page).toHaveURL(new RegExp(`/c/${direct.id}`))
})

test('notifications are offered once, after the first message, and asked for by a click only', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  await ann.page.evaluate(() => {
    Reflect.set(window, 'asked', 0)
    Notification.requestPermission = async () => {
      Reflect.set(window, 'asked', Number(Reflect.get(window, 'asked')) + 1)
      return 'granted'
    }
  })
  const offer = ann.page.getByRole('region', { name: 'Notifications' })
  await expect(offer).toHaveCount(0)
  await ann.send('First')
  await expect(offer).toBeVisible()
  expect(await ann.page.evaluate((): unknown => Reflect.get(window, 'asked'))).toBe(0)
  await offer.getByRole('button', { name: 'Turn on notifications' }).click()
  expect(await ann.page.evaluate((): unknown => Reflect.get(window, 'asked'))).toBe(1)
  await expect(offer).toHaveCount(0)
  await ann.send('Second')
  await expect(ann.page.getByRole('article')).toHaveCount(2)
  await ann.page.reload()
  await ann.send('Third')
  await expect(ann.page.getByRole('article')).toHaveCount(3)
  await expect(offer).toHaveCount(0)
})

test('do not disturb is chosen in the settings, for a time, and ends by itself or by a click', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  await ann.page.clock.install()
  await ann.page.goto('/settings/notifications')
  const group = ann.page.getByRole('group', { name: 'Do not disturb' })
  await group.getByRole('button', { name: 'For 30 minutes' }).click()
  await expect(group.getByRole('status')).toHaveText(/^Do not disturb until /)
  await group.getByRole('button', { name: 'Turn off' }).click()
  await expect(group.getByRole('status')).toHaveText('')
  await group.getByRole('button', { name: 'For 1 hour' }).click()
  await expect(group.getByRole('status')).toHaveText(/^Do not disturb until /)
  await ann.page.clock.fastForward('59:00')
  await expect(group.getByRole('status')).toHaveText(/^Do not disturb until /)
  await ann.page.clock.fastForward('02:00')
  await expect(group.getByRole('status')).toHaveText('')
})
