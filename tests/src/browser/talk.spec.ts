/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'
import { list } from './list-world.ts'

test('a new person founds a workspace and writes in #general at once', async ({ signUp }) => {
  const ann = await signUp('ann')
  await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('#general')
  await ann.send('Hello!')
  await expect(ann.page.getByRole('article')).toContainText('Hello!')
  await ann.page.reload()
  await expect(ann.page.getByRole('article')).toContainText('Hello!')
})

/** Messages each; two people talk at once. */
const count = 120
const everyMs = 200
const kinds = ['plain', '日本語 ✨ 👩‍👩‍👧', '`code` and **bold**', 'مرحبا', '@everybody there']
const textOf = (who: string, n: number): string => `${who} ${n} ${kinds[n % kinds.length] ?? ''}`

/** Notes in the page when each message of the other was painted, by its text's beginning. */
async function notePaints(page: Page, who: string): Promise<void> {
  await page.evaluate((who) => {
    const painted: Record<string, number> = {}
    Reflect.set(window, 'painted', painted)
    new MutationObserver(() => {
      for (const article of document.querySelectorAll('article')) {
        const [key] = article.textContent.match(new RegExp(`${who} \\d+ `)) ?? []
        if (key !== undefined) painted[key.trim()] ??= Date.now()
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  }, who)
}
const paintsOf = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => {
    const painted: unknown = Reflect.get(window, 'painted')
    const entries = typeof painted === 'object' && painted !== null ? Object.entries(painted) : []
    return Object.fromEntries(entries.map(([key, at]) => [key, Number(at)]))
  })

/** Counts the frames from each Enter to the one in which the own message is there. */
const noteOwn = (page: Page) =>
  page.evaluateHandle(() => {
    const frames: number[] = []
    addEventListener(
      'keydown',
      ({ key, target }) => {
        if (key !== 'Enter' || !(target instanceof HTMLTextAreaElement)) return
        const [who, n] = target.value.split(' ')
        const isThere = () =>
          [...document.querySelectorAll('article')].some(({ textContent }) =>
            textContent.includes(`${who} ${n} `),
          )
        let waited = 0
        const look = (): void => {
          waited++
          if (isThere()) frames.push(waited)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      },
      { capture: true },
    )
    return frames
  })

/** The ids of all messages, from the first to the last, as one meets them on the way up. */
const allIds = (page: Page) =>
  list(page).evaluate(async (box) => {
    const ids: string[] = []
    const seen = new Set<string>()
    for (let still = 0; still < 20; still++) {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const rows = [...box.querySelectorAll('article')].map((row) => row.dataset['id'] ?? '')
      const fresh = rows.filter((id) => !seen.has(id))
      if (fresh.length > 0) still = 0
      for (const id of fresh) seen.add(id)
      ids.unshift(...fresh)
      box.scrollBy(0, -box.clientHeight / 2)
    }
    return ids
  })

async function talk(person: Person, who: string): Promise<Map<string, number>> {
  const sent = new Map<string, number>()
  for (let n = 0; n < count; n++) {
    const began = Date.now()
    sent.set(`${who} ${n}`, began)
    await person.send(textOf(who, n))
    const rest = everyMs - (Date.now() - began)
    if (rest > 0) await new Promise((done) => setTimeout(done, rest))
  }
  return sent
}

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0

test(
  'two people talk at once, a third comes late, and all see the same as the database',
  { tag: '@slow' },
  async ({ signUp, invite, sql }) => {
    test.setTimeout(120_000)
    const ann = await signUp('ann')
    const path = await invite(ann)
    const ben = await signUp('ben', { invite: path })
    await Promise.all([notePaints(ann.page, 'B'), notePaints(ben.page, 'A')])
    const own = await noteOwn(ann.page)
    const [sentByAnn] = await Promise.all([talk(ann, 'A'), talk(ben, 'B')])
    const cas = await signUp('cas', { invite: path })

    const rows = await sql(
      `select m.id, content from messages m join chats c on c.id = m.chat_id
     where c.id = $1 order by m.seq`,
      [new URL(ann.page.url()).pathname.split('/')[4]],
    )
    const stored = rows.map(({ content }) => String(content))
    expect(stored).toHaveLength(2 * count)
    expect(new Set(stored).size).toBe(2 * count)
    for (const { page } of [ann, ben, cas])
      await expect(page.getByRole('article').last()).toContainText(stored.at(-1) ?? '')
    const ids = rows.map(({ id }) => String(id))
    for (const { page } of [ann, ben, cas]) expect(await allIds(page)).toEqual(ids)

    const painted = await paintsOf(ben.page)
    const times = [...sentByAnn].flatMap(([key, at]) => {
      const seen = painted[key]
      return seen === undefined ? [] : [seen - at]
    })
    expect(times).toHaveLength(count)
    // How fast it is on a machine of its own is measured elsewhere; this is for what hangs.
    expect(p95(times)).toBeLessThan(10_000)
    const frames = await own.jsonValue()
    expect(frames).toHaveLength(count)
    expect(p95(frames)).toBeLessThanOrEqual(2)
    process.stdout.write(
      `      send to paint: p95 ${p95(times)} ms; own: ${p95(frames)} frames p95, ${Math.max(...frames)} at the most\n`,
    )
  },
)

test('who saw the button for a passkey before the app was there is told everything in words', async ({
  device,
  parley,
}) => {
  // Passkeys belong to a name: at an address of numbers there is no button.
  const context = await device({ baseURL: parley.url.replace('127.0.0.1', 'localhost') })
  const page = await context.newPage()
  await page.goto('/signin')
  await expect(page.getByRole('button', { name: 'Use a passkey' })).toBeVisible()
  await page.getByRole('link', { name: 'Create account' }).click()
  const name = `kim-${process.pid}`
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Email').fill(`${name}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByLabel('Workspace').fill(`Of ${name}`)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('textbox', { name: 'Message #general' })).toBeVisible()
  await expect(page.locator('body')).not.toContainText(/\b(?:nav|chat)\.[a-z]/)
})
