/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import type { Client } from '@parley/sdk'
import { type Fixtures, type Person, expect, test } from './fixtures.ts'
import { recordSounds, soundsOn } from './sounds.ts'

interface Scene {
  ann: Person
  anns: Client
  me: number
  name: string
  say(chat: number, content: string): Promise<unknown>
  direct: number
  general: number
  /** A channel of both, by its id. */
  room(name: string): Promise<number>
}

/** Ann looks at #general, and Ben writes by his own client. */
async function scene({
  signUp,
  invite,
  clientOf,
}: Pick<Fixtures, 'signUp' | 'invite' | 'clientOf'>): Promise<Scene> {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  await recordSounds(ann.context)
  await ann.page.reload()
  const [anns, bens] = [await clientOf(ann), await clientOf(ben)]
  const { me, workspaces, chats } = await anns.getBootstrap()
  const { id: direct } = await bens.createChat({ body: { type: 'single', user_id: me.id } })
  return {
    ann,
    anns,
    me: me.id,
    name: me.username,
    direct,
    general: chats.find((chat) => chat.is_general)?.id ?? 0,
    say: (id, content) => bens.sendMessage({ params: { id }, body: { content } }),
    async room(name) {
      const body = { type: 'public_channel', name, workspace_id: workspaces[0]?.id ?? 0 } as const
      const { id } = await bens.createChat({ body })
      await anns.joinChat({ params: { id } })
      return id
    },
  }
}

/** Only who is live learns that others are there; what came before has no sound. */
const live = (page: Page) => expect(page.getByRole('link', { name: /^ben-.*Online/ })).toBeVisible()

/** A browser lets no page sound in which nothing was done; the title comes with what listens. */
async function touch(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: /^Message / }).click()
  await expect(page).toHaveTitle(/#general/)
  await live(page)
}

const count = async (pages: readonly Page[]) => (await soundsOn(pages)).length

/** So long after the last one that the next one is no longer held back. */
const quiet = (pages: readonly Page[]) =>
  expect
    .poll(async () => Date.now() - ((await soundsOn(pages)).at(-1)?.at ?? 0))
    .toBeGreaterThan(2_100)

test(
  'a direct message sounds in one of the tabs, for a moment, and at most every two seconds',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf }) => {
    const { ann, say, direct } = await scene({ signUp, invite, clientOf })
    const tabs = [ann, await ann.tab(), await ann.tab()].map(({ page }) => page)
    for (const page of tabs) await touch(page)
    await say(direct, 'One')
    await expect.poll(() => count(tabs)).toBe(1)
    for (let n = 0; (await count(tabs)) < 3; n++) await say(direct, `Many ${n}`)
    for (const page of tabs) await expect(page).toHaveTitle(/^\(\d+\+?\)/)
    const sounds = await soundsOn(tabs)
    for (const [n, { at, ms }] of sounds.entries()) {
      expect(ms).toBeLessThan(400)
      if (n > 0) expect(at - (sounds[n - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1_990)
    }

    // The tab that sounded goes, and another does.
    const all = await Promise.all(tabs.map((page) => soundsOn([page])))
    const speaker = all.findIndex((own) => own.length > 0)
    expect(all.filter((own) => own.length > 0)).toHaveLength(1)
    await tabs.splice(speaker, 1)[0]?.close()
    await expect(async () => {
      await say(direct, 'Still there?')
      expect(await count(tabs)).toBeGreaterThan(0)
    }).toPass()
    const after = await Promise.all(tabs.map((page) => count([page])))
    expect(after).toContain(0)
  },
)

test('what is muted, looked at, one’s own, for everybody or not to disturb is silent', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const { ann, anns, me, name, say, direct, general, room } = await scene({
    signUp,
    invite,
    clientOf,
  })
  const { page } = ann
  const [design, muted] = [await room('design'), await room('quiet')]
  await anns.updateChat({ params: { id: muted }, body: { notification: 'none' } })
  await expect(page.getByRole('link', { name: /quiet.*muted/ })).toBeVisible()
  await touch(page)

  await say(design, 'For everybody')
  await say(muted, `Muted, @${name}`)
  await anns.sendMessage({ params: { id: direct }, body: { content: 'From myself' } })
  await say(general, `Here, @${name}`)
  await expect(page.getByRole('article').last()).toContainText('Here')
  const kept = () => page.evaluate(([id]) => localStorage.getItem(`parley.dnd.${id}`), [me])
  await anns.setMyPresence({ body: { dnd: true } })
  await expect.poll(kept).toBe('Infinity')
  await say(direct, 'Do not disturb')
  await expect(page).toHaveTitle(/^\(2\)/)
  await anns.setMyPresence({ body: { dnd: false } })
  await expect.poll(kept).toBe(null)
  expect(await count([page])).toBe(0)
  await say(design, `And you, @${name}?`)
  await expect.poll(() => count([page])).toBe(1)
})

test(
  'what waited is not heard later: neither old news nor what came while the page stood still',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, events }) => {
    const { ann, say, direct } = await scene({ signUp, invite, clientOf })
    const { page } = ann
    await touch(page)
    await say(direct, 'New')
    await expect.poll(() => count([page])).toBe(1)
    await quiet([page])
    events.alter((frame) =>
      frame.includes('"Late"')
        ? frame
            .replace(/"at":"\d+-/, '"at":"2020-')
            .replace(/"at":"[^"]*"/, '"at":"2020-01-01T00:00:00.000Z"')
        : frame,
    )
    await say(direct, 'Late')
    await expect(page).toHaveTitle(/^\(2\)/)
    expect(await count([page])).toBe(1)

    const cdp = await ann.context.newCDPSession(page)
    await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    for (let n = 0; n < 5; n++) await say(direct, `Asleep ${n}`)
    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    await page.evaluate(() => document.dispatchEvent(new Event('resume')))
    await expect(page).toHaveTitle(/^\(7\)/)
    await quiet([page])
    expect(await count([page])).toBeLessThanOrEqual(2)
    const before = await count([page])
    await say(direct, 'Awake')
    await expect.poll(() => count([page])).toBe(before + 1)
  },
)

test(
  'each kind is tried, and turned off and on, in the settings',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf }) => {
    const { ann, name, say, direct, room } = await scene({ signUp, invite, clientOf })
    const { page } = ann
    const design = await room('design')
    const other = (await ann.tab()).page
    const pages = [page, other]
    await page.goto('/settings/notifications')
    await live(page)
    const group = page.getByRole('group', { name: 'Sounds' })
    const box = (label: string) => group.getByRole('checkbox', { name: label })
    for (const label of ['Direct messages', 'Mentions of me']) {
      await expect(box(label)).toBeChecked()
      const before = await count(pages)
      await group.getByRole('button', { name: `Try it ${label}` }).click()
      await expect.poll(() => count(pages)).toBe(before + 1)
    }
    await quiet(pages)
    await box('Direct messages').uncheck()
    await say(direct, 'Silent')
    await expect(page).toHaveTitle(/^\(1\)/)
    expect(await count(pages)).toBe(2)
    await say(design, `Heard, @${name}`)
    await expect.poll(() => count(pages)).toBe(3)

    // Another tab knows, and it outlasts a reload.
    await page.reload()
    await expect(box('Direct messages')).not.toBeChecked()
    await expect(box('Mentions of me')).toBeChecked()
    await other.goto('/settings/notifications')
    await box('Direct messages').check()
    await expect(
      other.getByRole('group', { name: 'Sounds' }).getByRole('checkbox', { name: 'Direct' }),
    ).toBeChecked()
  },
)
