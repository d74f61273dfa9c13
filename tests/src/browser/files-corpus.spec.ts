/// <reference lib="dom" />
import type { Client } from '@parley/sdk'
import type { Download, Locator, Page } from '@playwright/test'
import { corpus, wholeCorpus } from '../files/hostile/corpus.ts'
import type { Hostile } from '../files/hostile/hostile.ts'
import { page as pageOf } from '../files/hostile/markup.ts'
import { chromium, flags } from './chromium.ts'
import { rowOf } from './files-world.ts'
import { type Fixtures, type WorkerFixtures, expect, test } from './fixtures.ts'
import { takeForAll, workersOfFiles } from './hostile-page.ts'
import {
  type Listener,
  pendingOf,
  startListener,
  startStranger,
  wasTouched,
  watch,
} from './hostile-watch.ts'
import { type Taken, expectHarmless, take } from './hostile-world.ts'
import { worldOf } from './list-world.ts'

// Pages made up by a test count as of the wide world, from where Chromium asks nothing of this machine:
// then nothing would ask the listener, whatever the files do.
const open = '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests'
test.use({ launchOptions: { executablePath: chromium, args: [...flags, open] } })

let listener: Listener
let stranger: Awaited<ReturnType<typeof startStranger>>
test.beforeAll(async () => {
  listener = await startListener()
  stranger = await startStranger()
})
test.afterAll(() => {
  listener.stop()
  stranger.stop()
})

/** The addresses of a file that its readers are given: of itself, to be saved, and of its renditions. */
async function addressesOf(client: Client, origin: string, { id }: Taken, renditions: string[]) {
  const place = async (query: { rendition?: string; download?: boolean }) =>
    new URL((await client.openFile({ params: { id }, query })).url, origin)
  return {
    itself: await place({}),
    saved: await place({ download: true }),
    renditions: await Promise.all(renditions.map((rendition) => place({ rendition }))),
  }
}

/** Turns over all pictures of a message: each is there, or it is said that it is not. */
async function openPictures(page: Page, row: Locator, pictures: readonly Taken[]): Promise<void> {
  const [first] = pictures
  if (first === undefined) return
  const viewer = page.getByRole('dialog', { name: 'Image viewer' })
  // Rows move while what they have is found out: a click may miss.
  await expect(async () => {
    await row.getByRole('button', { name: `Open ${first.kept}`, exact: true }).click()
    await expect(viewer).toBeVisible({ timeout: 2_000 })
  }).toPass()
  for (const { kept } of pictures) {
    await expect(viewer.getByText(kept, { exact: true }).first()).toBeVisible()
    const isShown = () =>
      viewer.evaluate((viewer) => {
        const image = viewer.querySelector<HTMLImageElement>('img.image')
        return viewer.querySelector('[role=alert]') !== null || (image?.naturalWidth ?? 0) > 0
      })
    await expect.poll(isShown, { message: kept }).toBe(true)
    if (pictures.length > 1) await page.keyboard.press('ArrowRight')
  }
  await page.keyboard.press('Escape')
  await expect(viewer).toHaveCount(0)
}

/** Saves files as a person does, by the button of each; what the browser would call them. */
async function save(page: Page, row: Locator, files: readonly Taken[]): Promise<string[]> {
  const saved = new Map<string, string>()
  const hear = (download: Download): void => {
    saved.set(/\/files\/(\d+)/.exec(download.url())?.[1] ?? '', download.suggestedFilename())
    void download.cancel().catch(() => undefined)
  }
  page.on('download', hear)
  // A browser may drop a download that begins long after its click: one clicks again then.
  for (const { id, kept } of files)
    await expect(async () => {
      await row.getByRole('button', { name: `Download ${kept}`, exact: true }).click()
      await expect.poll(() => saved.has(String(id)), { timeout: 2_000 }).toBe(true)
    }).toPass()
  page.off('download', hear)
  return files.map(({ id }) => saved.get(String(id)) ?? '')
}

/** What Chromium makes of a name: file systems have characters of their own, and hide what begins with a dot. */
const savedAs = ({ kept }: Taken): string =>
  kept.replace(/["*:<>?|\u200d]/g, '_').replace(/^\./, '')

const isPicture = ({ shown }: Taken): boolean => shown?.startsWith('image/') === true

/** Opens a message of files in the client, as its reader does. */
async function read(page: Page, id: number, lot: readonly Taken[]): Promise<void> {
  const row = rowOf(page, id)
  await row.scrollIntoViewIfNeeded()
  await openPictures(page, row, lot.filter(isPicture))
  const cards: Taken[] = []
  for (const file of lot) {
    if (isPicture(file)) continue
    const player = row.locator(`video, audio`).and(row.getByLabel(file.kept, { exact: true }))
    const card = row.getByRole('button', { name: `Download ${file.kept}`, exact: true })
    await expect(player.or(card).first()).toBeVisible()
    if (await card.isVisible()) cards.push(file)
  }
  expect(await save(page, row, cards)).toEqual(cards.map(savedAs))
}

/** Pages that load whatever they like: one where the files are, and one of somebody else. */
async function load(
  page: Page,
  lots: readonly URL[][],
  findings: readonly string[],
): Promise<void> {
  const pending = pendingOf(page)
  await page.route('**/bare', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Bare</title>' }),
  )
  for (const at of ['/bare', stranger.url]) {
    await page.goto(at)
    for (const lot of lots)
      await page.evaluate(
        takeForAll,
        lot.map(({ href }) => href),
      )
    expect(findings).toEqual([])
    await expect.poll(pending).toBe(0)
    expect(await wasTouched(page)).toBe(false)
    expect(await page.evaluate(workersOfFiles)).toEqual([])
  }
}

type World = Pick<Fixtures, 'signUp' | 'sql' | 'tolerate'> &
  Pick<WorkerFixtures, 'parley' | 'events'>

/** Files that the server has not looked into yet. */
const unseen = 'select id from files where id = any($1) and looked_at is null'

async function endure(
  { signUp, sql, parley, events, tolerate }: World,
  files: readonly Hostile[],
): Promise<void> {
  // What the browser refuses to run or to show, it says.
  tolerate(/MIME type|ERR_|Failed to load|Refused|sandboxed|blocked|Blocked|violates|404/)
  tolerate(/Manifest|importScripts|Worker|layout moved/)
  const ann = await signUp('ann')
  const { page } = ann
  const origins = [parley.url, events.url, stranger.url]
  const seen = watch(page.context(), origins)
  const { bob, chat, path } = await worldOf(parley, ann)
  await page.goto(path)
  const urls: URL[][] = []
  for (const lot of await take(parley.url, bob, files)) {
    const body = { content: '', files: lot.map(({ id }) => id) }
    const sent = await bob.sendMessage({ params: { id: chat }, body })
    expect(sent.files.map(({ name }) => name)).toEqual(lot.map(({ kept }) => kept))
    await expect.poll(() => sql(unseen, [body.files])).toEqual([])
    await read(page, sent.id, lot)
    expect(new URL(page.url()).pathname).toBe(path)
    const { files: now } = await bob.getMessage({ params: { id: chat, message_id: sent.id } })
    urls.push([])
    for (const [n, file] of lot.entries()) {
      const found = await addressesOf(bob, parley.url, file, now[n]?.renditions ?? [])
      await expectHarmless(found.itself, file, file.shown, file.shown ? 'inline' : 'attachment')
      await expectHarmless(found.saved, file, file.shown, 'attachment')
      for (const url of found.renditions) {
        const type = `image/${/avif/.test(url.search) ? 'avif' : 'webp'}`
        await expectHarmless(url, file, type, 'inline')
        expect(await (await fetch(url)).text()).not.toContain(listener.canary.url)
      }
      urls.at(-1)?.push(found.itself, ...found.renditions)
    }
  }
  expect(await wasTouched(page)).toBe(false)
  const bare = await page.context().newPage()
  await load(bare, urls, seen)
  for (const url of urls.flat()) {
    await bare.goto(url.href).catch(() => undefined)
    expect(await wasTouched(bare)).toBe(false)
  }
  expect(page.context().pages()).toHaveLength(2)
  expect(seen).toEqual([])
  expect(listener.heard).toEqual([])
}

test('FI-02: what tells whether a file acts would tell', async ({ device, parley, tolerate }) => {
  tolerate(/./)
  const own = await startListener()
  const context = await device()
  const seen = watch(context, [parley.url])
  const page = await context.newPage()
  await page.route('**/bare', (route) =>
    route.fulfill({ contentType: 'text/html', body: pageOf(own.canary) }),
  )
  await page.goto('/bare')
  await expect.poll(() => own.heard).toContain('GET /image HTTP/1.1')
  expect(await wasTouched(page)).toBe(true)
  for (const what of ['a dialog', 'on the console', `asks ${own.canary.url}`])
    expect(seen.join('\n')).toContain(what)
  own.stop()
})

/** What every run tries; the rest is slow. */
const few = new Set([
  'page.html',
  'page.png',
  'load.svg',
  'worker.js',
  'script.gif',
  'script-open.pdf',
  'elsewhere.mp4',
  'bomb.png',
])

test(
  'FI-02: files that would act do not, wherever they are opened: a few of each kind',
  { tag: '@slow' },
  async ({ signUp, sql, parley, events, tolerate }) => {
    const files = wholeCorpus(listener.canary).filter(({ name }) => few.has(name))
    expect(files).toHaveLength(few.size)
    await endure({ signUp, sql, parley, events, tolerate }, files)
  },
)

for (const [kind, make] of Object.entries(corpus))
  test(
    `FI-01, FI-02, FI-04, FI-05: no file acts, wherever it is opened: ${kind}`,
    { tag: '@slow' },
    async ({ signUp, sql, parley, events, tolerate }) => {
      test.setTimeout(120_000)
      await endure({ signUp, sql, parley, events, tolerate }, make(listener.canary))
    },
  )
