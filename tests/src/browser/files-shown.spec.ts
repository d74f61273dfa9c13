/// <reference lib="dom" />
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { made, pictured, rowOf, share, stored } from './files-world.ts'
import { worldOf } from './list-world.ts'
import { colours, png } from './pictures.ts'

const heightOf = (row: Locator): Promise<number> =>
  row.evaluate((row) => row.getBoundingClientRect().height)

const hasFocus = (element: Element): boolean => element.contains(document.activeElement)

/** Holds back what matches until it is let go. */
async function hold(page: Page, pattern: string): Promise<() => void> {
  const gate = Promise.withResolvers<void>()
  await page.route(pattern, async (route) => {
    await gate.promise
    await route.continue()
  })
  return () => gate.resolve()
}

/** When the server looks into files that come: here never, what it finds out is another matter. */
const lookAfter = (time: string): string =>
  `alter table files alter column look_after set default '${time}'`
test.beforeEach(async ({ sql }) => void (await sql(lookAfter('infinity'))))
test.afterEach(async ({ sql }) => void (await sql(lookAfter('-infinity'))))

for (const width of [1280, 390])
  test(`files have their room before they are there, on ${width} pixels`, async ({
    signUp,
    parley,
    sql,
  }) => {
    const ann = await signUp('ann')
    const { page } = ann
    await page.setViewportSize({ width, height: 900 })
    const { bob, chat, path } = await worldOf(parley, ann)
    const [sized = 0] = await stored(bob, [made('wide.png', png(1200, 500, colours[0]))])
    const one = await bob.sendMessage({
      params: { id: chat },
      body: { content: 'One', files: [sized] },
    })
    const four = colours.slice(0, 4).map((colour, n) => made(`${n}.png`, png(60, 90, colour)))
    const grid = await share(bob, chat, four)
    const mixed = await share(bob, chat, [
      made('plan.pdf', '%PDF-1.7\n', 'application/pdf'),
      made('unsized.png', png(30, 20, colours[4])),
    ])
    await sql('update files set width = 1200, height = 500, blur_hash = $1 where id = $2', [
      'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      sized,
    ])
    const parts = await hold(page, '**/assets/files-*.js')
    const bytes = await hold(page, '**/files/*?*')
    await page.goto(path)
    const rows = [one.id, grid, mixed].map((id) => rowOf(page, id))
    await expect(rowOf(page, mixed)).toBeVisible()
    const before = await Promise.all(rows.map(heightOf))
    parts()
    await expect(rowOf(page, one.id).locator('canvas')).toBeVisible()
    expect(await Promise.all(rows.map(heightOf))).toEqual(before)
    bytes()
    for (const row of rows) await expect.poll(() => pictured(row)).toBe(true)
    expect(await Promise.all(rows.map(heightOf))).toEqual(before)
    await expect(rowOf(page, grid).getByRole('button', { name: /^Open \d.png/ })).toHaveCount(4)
    await expect(rowOf(page, mixed).getByText('plan.pdf', { exact: true })).toBeVisible()
    await expect(rowOf(page, mixed)).toHaveAccessibleDescription(
      /2 files: plan.pdf and unsized.png/,
    )
    expect(await page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(
      0,
    )
  })

test('pictures open large: by keys from one to the next, and the focus comes back', async ({
  signUp,
  parley,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  const { bob, chat, path } = await worldOf(parley, ann)
  const id = await share(
    bob,
    chat,
    colours.slice(0, 3).map((colour, n) => made(`${n}.png`, png(640, 400, colour))),
  )
  await page.goto(path)
  await expect.poll(() => pictured(rowOf(page, id))).toBe(true)
  // By keys alone: to the list, to the message, to its second picture.
  await page.getByRole('textbox', { name: /^Message / }).focus()
  const second = rowOf(page, id).getByRole('button', { name: 'Open 1.png' })
  for (let n = 0; n < 9 && !(await page.getByTestId('scroller').evaluate(hasFocus)); n++)
    await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('End')
  await expect(rowOf(page, id)).toBeFocused()
  for (let n = 0; n < 2; n++) await page.keyboard.press('Tab')
  await expect(second).toBeFocused()
  await page.keyboard.press('Enter')
  const viewer = page.getByRole('dialog', { name: 'Image viewer' })
  await expect(viewer.getByRole('img', { name: '1.png' })).toBeVisible()
  await expect(viewer.getByRole('status')).toHaveText('2 of 3')
  await page.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('img', { name: '2.png' })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('img', { name: '0.png' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(viewer.getByRole('img', { name: '2.png' })).toBeVisible()
  const download = page.waitForEvent('download')
  await viewer.getByRole('button', { name: 'Download 2.png' }).press('Enter')
  expect((await download).suggestedFilename()).toBe('2.png')
  await page.keyboard.press('Escape')
  await expect(viewer).toHaveCount(0)
  await expect(second).toBeFocused()
})

test('an address that ended is asked for anew, once', async ({ signUp, parley, tolerate }) => {
  tolerate(/404/)
  const ann = await signUp('ann')
  const { page } = ann
  const { bob, chat, path } = await worldOf(parley, ann)
  const good = await share(bob, chat, [made('good.png', png(64, 64, colours[1]))], 'Good')
  const broken = png(64, 64, colours[2])
  // The width, against its checksum.
  broken.writeUInt32BE(65, 16)
  const bad = await share(bob, chat, [made('bad.png', broken)], 'Bad')
  let asked = 0
  await page.route('**/api/files/urls?*', async (route) => {
    const answer = await route.fetch()
    const text = await answer.text()
    // What was given at first is of yesterday.
    if (++asked === 1) await route.fulfill({ response: answer, body: text.replaceAll('e=', 'e=1') })
    else await route.fulfill({ response: answer, body: text })
  })
  await page.goto(path)
  await expect.poll(() => pictured(rowOf(page, good))).toBe(true)
  await expect(rowOf(page, bad).getByText('This image can’t be shown.')).toBeVisible()
  // Both at first, each in a turn of its own at the most, and both again.
  expect(asked).toBeLessThanOrEqual(4)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** A moment of a canvas, as the browser records it. */
const film = async (page: Page): Promise<Buffer> =>
  Buffer.from(
    await page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.getContext('2d')?.fillRect(0, 0, 9, 9)
      const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' })
      const whole = new Promise<Blob>((resolve) =>
        recorder.addEventListener('dataavailable', ({ data }) => resolve(data)),
      )
      recorder.start()
      const draw = setInterval(() => canvas.getContext('2d')?.fillRect(0, 0, 9, 9), 20)
      setTimeout(() => recorder.stop(), 300)
      const bytes = new Uint8Array(await (await whole).arrayBuffer())
      clearInterval(draw)
      return btoa(String.fromCharCode(...bytes))
    }),
    'base64',
  )

test('a film has the browser’s own player; what cannot be played can be had', async ({
  signUp,
  parley,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  const { bob, chat, path } = await worldOf(parley, ann)
  const bytes = await film(page)
  const good = await share(bob, chat, [made('film.webm', bytes, 'video/webm')])
  const bad = await share(bob, chat, [made('half.webm', bytes.subarray(0, 60), 'video/webm')])
  await page.goto(path)
  const player = rowOf(page, good).locator('video')
  await expect(player).toHaveAttribute('aria-label', 'film.webm')
  const plays = player.evaluate((one: HTMLVideoElement) => one.play().then(() => true))
  expect(await plays).toBe(true)
  await expect(rowOf(page, bad).getByRole('button', { name: 'Download half.webm' })).toBeVisible()
})
