/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { ParleyError } from '@parley/sdk'
import { hostile, slow } from '@parley/core/testing/hostile-texts'
import { expect, test } from './fixtures.ts'
import { article, list, worldOf } from './list-world.ts'
import { row, title, workspaceOf } from './places.ts'

const wrappers: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `**${text}** _${text}_`,
  (text) => `> - ${text}`,
  (text) => `[${text}](${text})`,
  (text) => `[a](https://a.org/${text})`,
  (text) => text.toUpperCase(),
]
/** What the database cannot hold does not get there by the API either. */
const storable = hostile.filter((text) => !text.includes('\0') && text.isWellFormed())
const payloads = [
  ...wrappers.flatMap((wrap) => storable.map(wrap)),
  ...slow.map(([, piece]) => piece.repeat(Math.ceil(6_000 / piece.length)).slice(0, 6_000)),
].toReversed()

/** Goes up to the first message. What was seen on the way, and what of it does more than being text. */
const walkUp = (page: Page) =>
  list(page).evaluate(async (box) => {
    const faults: string[] = []
    const seen = new Set<string>()
    const say = (what: string, { outerHTML }: Element): void =>
      void faults.push(`${what}: ${outerHTML.slice(0, 200)}`)
    const active = 'script, iframe, object, embed, form, img, style, link, meta, base, svg, math'
    function look(row: Element): void {
      const text = row.querySelector('[data-text]')
      if (!text) return say('no text', row)
      const [outer, inner] = [row.getBoundingClientRect(), text.getBoundingClientRect()]
      const across = inner.left < outer.left || inner.right > outer.right
      if (across || inner.top < outer.top || inner.bottom > outer.bottom) say('not in its row', row)
      if (!/clip|hidden/.test(getComputedStyle(text).overflow)) say('paints elsewhere', text)
      for (const one of text.querySelectorAll(active)) say('element', one)
      for (const link of text.querySelectorAll('a')) {
        if (!/^(?:https?:\/\/|mailto:)/.test(link.getAttribute('href') ?? '')) say('target', link)
        if (link.getAttribute('rel') !== 'noopener noreferrer nofollow') say('rel', link)
      }
      for (const element of text.querySelectorAll('*'))
        for (const { name } of element.attributes) if (name.startsWith('on')) say(name, element)
    }
    for (let still = 0; still < 60; still++) {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      for (const row of box.querySelectorAll('article')) {
        const id = row.dataset['id'] ?? ''
        if (!seen.has(id)) look(row)
        if (!seen.has(id)) still = 0
        seen.add(id)
      }
      box.scrollBy(0, -box.clientHeight)
    }
    return { faults, seen: seen.size }
  })

test(
  'IN-10: 500 texts that try to run, to lead astray or to break out do none of it',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    expect(payloads.length).toBeGreaterThan(500)
    const reader = await signUp('ann')
    const { page } = reader
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    const { path } = await worldOf(parley, reader, payloads.length, (n) => payloads[n] ?? '')
    await page.goto(path)
    await expect(page.getByRole('article').last()).toBeVisible()
    expect(await walkUp(page)).toEqual({ faults: [], seen: payloads.length })
    await expect(page.getByText('This is the start of #general.')).toBeVisible()
    expect(await list(page).evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    expect(dialogs).toEqual([])
  },
)

test('IN-10: channels, topics and workspaces are called anything, and it stays a name', async ({
  signUp,
  clientOf,
  tolerate,
}) => {
  tolerate(/40[09]|422/)
  // The sidebar takes one channel after the other.
  tolerate(/layout moved.*LI/)
  const ann = await signUp('ann')
  const { page } = ann
  page.on('dialog', () => expect('a dialog').toBe('none'))
  const client = await clientOf(ann)
  const workspace_id = workspaceOf(page)
  const made: string[] = []
  for (const text of hostile) {
    const name = text.slice(0, 64)
    const body = {
      type: 'public_channel',
      workspace_id,
      name,
      description: text.slice(0, 200),
    } as const
    try {
      made.push((await client.createChat({ body })).name ?? '')
    } catch (error) {
      expect([400, 409, 422]).toContain(error instanceof ParleyError ? error.status : error)
    }
  }
  expect(made.length).toBeGreaterThan(60)
  for (const text of hostile.filter((text) => /[<>"'\s:/]/.test(text)))
    await expect(client.updateMe({ body: { username: text.slice(0, 64) } })).rejects.toMatchObject({
      outcome: 'refused',
    })
  const sidebar = page.getByRole('complementary', { name: 'Channels' })
  const rows = sidebar.getByRole('list', { name: 'Channels' }).getByRole('listitem')
  await expect(rows).toHaveCount(made.length + 1)
  const texts = await rows.locator('bdi').allTextContents()
  expect(texts.toSorted()).toEqual([...made, 'general'].toSorted())
  const wide = await sidebar.evaluate((side) => side.scrollWidth - side.clientWidth)
  expect(wide).toBe(0)

  for (const name of [made[3] ?? '', made[20] ?? '', made.at(-1) ?? '']) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Jump to…' }).fill(`#${name}`)
    await expect(page.getByRole('option').first()).toContainText(name)
    await page.keyboard.press('Enter')
    await expect(title(page)).toHaveText(`#${name}`)
    await expect.poll(() => page.title()).toContain(name.trim())
  }
  await client.updateWorkspace({
    params: { id: workspace_id },
    body: { name: '<img src=x onerror=alert(1)>' },
  })
  await expect(sidebar.getByRole('heading', { level: 2 })).toHaveText(
    '<img src=x onerror=alert(1)>',
  )
  await page.goto(`/w/${workspace_id}/browse`)
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(made.length + 1)
  expect(await page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0)
  await expect(row(page, 'general')).toBeVisible()
})

test('200 kB of quotes in quotes are refused in one piece, and shown in as many as it takes', async ({
  signUp,
  parley,
  tolerate,
}) => {
  // The box grows by what no key typed.
  tolerate(/layout moved.*composer/)
  const reader = await signUp('ann')
  const { page } = reader
  const { bob, chat, path, say } = await worldOf(parley, reader)
  await page.goto(path)
  await expect(page.getByText('This is the start of #general.')).toBeVisible()
  const box = page.getByRole('textbox', { name: /^Message / })
  const text = '> '.repeat(100_000)
  await expect(
    bob.sendMessage({ params: { id: chat }, body: { content: `${text}end` } }),
  ).rejects.toMatchObject({ outcome: 'refused' })
  await box.fill(`${text}end`)
  await box.press('Enter')
  await expect(page.getByText(/^Too long by/)).toBeVisible()
  await expect(box).toHaveValue(`${text}end`)
  await box.fill('')
  const size = 7_990
  const pieces = Array.from({ length: 25 }, (_, n) => `${'> '.repeat(size / 2)}no. ${n}`)
  await say(...pieces)
  await expect(page.getByRole('article').filter({ hasText: 'no. 24' })).toHaveCount(1)
  expect(await list(page).evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
  const deepest = await page
    .getByRole('article')
    .filter({ hasText: 'no. 24' })
    .evaluate((row) => {
      const depth = (element: Element): number =>
        1 + Math.max(0, ...[...element.children].map(depth))
      return depth(row)
    })
  expect(deepest).toBeLessThan(40)
  await reader.send('the end')
  await expect(article(page, 'the end')).toBeVisible()
})
