/// <reference lib="dom" />
import { isAccessible } from './a11y-checks.ts'
import { made, pictured, rowOf, share } from './files-world.ts'
import { fits } from './fits.ts'
import { expect, test } from './fixtures.ts'
import { worldOf } from './list-world.ts'
import { signInOn } from './person.ts'
import { colours, mp3, png } from './pictures.ts'
import { areLargeEnough } from './targets.ts'

const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
} as const

test(
  'on a phone files fit, are turned over by a finger, and have the actions of their message',
  { tag: '@slow' },
  async ({ signUp, device, parley, tolerate }) => {
    // The box grows by what no hand did.
    tolerate(/layout moved.*composer/)
    const person = await signUp('ann')
    const { bob, chat, path } = await worldOf(parley, person)
    const id = await share(
      bob,
      chat,
      [
        ...colours.slice(0, 3).map((colour, n) => made(`${n}.png`, png(300, 500, colour))),
        made('what we said about the plan on Monday, with all that came after.pdf', '%PDF-1.7\n'),
        made('silence.mp3', mp3()),
      ],
      'What we have',
    )
    const context = await device(phone)
    const { page } = await signInOn(await context.newPage(), person.name, person.email)
    await page.goto(path)
    const row = rowOf(page, id)
    await expect.poll(() => pictured(row)).toBe(true)
    await page.locator('input[type=file]').setInputFiles([
      { name: 'a.png', mimeType: 'image/png', buffer: png(40, 40, colours[3]) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') },
    ])
    await expect(page.getByRole('list', { name: 'Attached files' }).locator('img')).toBeVisible()
    await expect(page.getByRole('progressbar')).toHaveCount(0)
    await fits(page, 'files on a phone')
    await areLargeEnough(page, 'files on a phone')
    await isAccessible(page, 'files on a phone')

    const session = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number, y = 300) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: x === undefined ? [] : [{ x, y }],
      })
    await row.getByRole('button', { name: 'Open 0.png' }).tap()
    const viewer = page.getByRole('dialog', { name: 'Image viewer' })
    await expect(viewer.getByRole('img', { name: '0.png' })).toBeVisible()
    await touch('touchStart', 300)
    for (const x of [250, 180, 100]) await touch('touchMove', x)
    await touch('touchEnd')
    await expect(viewer.getByRole('img', { name: '1.png' })).toBeVisible()
    await areLargeEnough(page, 'a picture on a phone')
    await fits(page, 'a picture on a phone')
    await isAccessible(page, 'a picture on a phone')
    await page.keyboard.press('Escape')
    await expect(viewer).toHaveCount(0)

    const first = await row.getByRole('button', { name: 'Open 0.png' }).boundingBox()
    await touch('touchStart', (first?.x ?? 0) + 20, (first?.y ?? 0) + 20)
    const actions = page.getByRole('dialog', { name: 'Message actions' })
    await expect(actions).toBeVisible()
    await touch('touchEnd')
    await expect(page.getByRole('dialog')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(actions).toHaveCount(0)
  },
)
