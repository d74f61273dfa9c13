/// <reference lib="dom" />
import type { CDPSession, Page } from '@playwright/test'
import { type Person, expect, test, acknowledged } from './fixtures.ts'
import { worldOf } from './list-world.ts'
import { signInOn } from './person.ts'
import { createChannel, row, title } from './places.ts'

const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

/** An input method that is open: what it shows, and the keys that it keeps to itself. */
function inputMethod(session: CDPSession) {
  return {
    compose: (text: string) =>
      session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      }),
    /** Browsers tell either of these for a key that the input method takes. */
    async key(key: string, code: number): Promise<void> {
      for (const windowsVirtualKeyCode of [229, code])
        await session.send('Input.dispatchKeyEvent', {
          type: 'rawKeyDown',
          key,
          windowsVirtualKeyCode,
        })
    },
    accept: (text: string) => session.send('Input.insertText', { text }),
  }
}
const methodOn = async (person: Person) =>
  inputMethod(await person.context.newCDPSession(person.page))

test('in Arabic all stands on the other side, and each text keeps its own direction', async ({
  signUp,
  device,
  parley,
}) => {
  const person = await signUp('ann')
  const { path, say } = await worldOf(parley, person)
  const context = await device({ locale: 'ar-EG' })
  const { page } = await signInOnArabic(await context.newPage(), person)
  await page.goto(path)
  await say(
    'Plain English, with an end.',
    'مرحبا بكم في القناة!',
    'שלום @everybody, see https://a.org/b?c=d ok',
    '```\nconst a = 1 // مرحبا\n```',
    '> اقتباس\n\n- بند\n- item',
  )
  await expect(message(page, 'Plain English')).toBeVisible()
  const directionOf = (text: string, selector: string) =>
    message(page, text)
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).direction)
  expect(await directionOf('Plain English', 'p')).toBe('ltr')
  expect(await directionOf('مرحبا بكم', 'p')).toBe('rtl')
  expect(await directionOf('שלום', 'p')).toBe('rtl')
  expect(await directionOf('const a', 'pre')).toBe('ltr')
  // Each text begins where the page's lines do.
  const starts = await message(page, 'Plain English')
    .locator('p')
    .evaluate((element) => {
      const range = document.createRange()
      range.selectNodeContents(element)
      return [range.getBoundingClientRect().right, element.getBoundingClientRect().right]
    })
  expect(Math.abs((starts[0] ?? 0) - (starts[1] ?? 9))).toBeLessThan(2)

  const main = await page.getByRole('main').boundingBox()
  const centre = (main?.x ?? 0) + (main?.width ?? 0) / 2
  const quote = message(page, 'اقتباس').locator('blockquote')
  expect(
    await quote.evaluate((element) =>
      Number.parseFloat(getComputedStyle(element).borderRightWidth),
    ),
  ).toBeGreaterThan(0)
  await message(page, 'Plain English').hover()
  const toolbar = await page.getByRole('toolbar').boundingBox()
  expect((toolbar?.x ?? centre) + (toolbar?.width ?? 0)).toBeLessThan(centre)
  const send = await page.getByRole('button', { name: 'إرسال' }).boundingBox()
  expect(send?.x).toBeLessThan(centre)
  await page.getByRole('button', { name: 'الأعضاء' }).click()
  const panel = await page.getByRole('complementary', { name: 'الأعضاء' }).boundingBox()
  expect(panel?.x).toBeLessThan(centre)
  expect(await page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0)
})

/** The same form, by what the fields are for. */
async function signInOnArabic(page: Page, { name, email }: Person): Promise<Person> {
  await page.addInitScript(() => localStorage.setItem('parley.locale', 'en'))
  const person = await signInOn(page, name, email)
  await page.addInitScript(() => localStorage.setItem('parley.locale', 'ar'))
  return person
}

test('while an input method is open it has the keys, wherever one writes', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const method = await methodOn(ann)
  const enter = () => method.key('Enter', 13)

  // Completion: neither its list nor the text takes a key.
  const box = page.getByRole('textbox', { name: /^Message / })
  await box.fill('@')
  await method.compose('あ')
  for (const [key, code] of [
    ['ArrowDown', 40],
    ['Enter', 13],
  ] as const)
    await method.key(key, code)
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await expect(box).toHaveValue('@あ')
  await method.accept('安')
  await expect(box).toHaveValue('@安')
  await expect(page.getByRole('article')).toHaveCount(0)

  // The switcher: the Enter that ends the composition chooses nothing.
  await createChannel(page, '日本')
  await ann.open('general')
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Jump to…' })
  await expect(field).toBeFocused()
  await method.compose('にほ')
  await enter()
  await expect(field).toBeFocused()
  await method.accept('日本')
  await expect(page.getByRole('option').first()).toContainText('日本')
  await page.keyboard.press('Enter')
  await expect(title(page)).toHaveText('#日本')

  // A dialog: it does not submit.
  await page.getByRole('button', { name: 'Add a channel' }).click()
  await page.getByRole('menuitem', { name: 'Create channel' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create channel' })
  await dialog.getByLabel('Channel name').focus()
  await method.compose('zhong')
  await enter()
  await expect(dialog).toBeVisible()
  await method.accept('中文')
  await expect(dialog.getByLabel('Channel name')).toHaveValue('中文')
  await page.keyboard.press('Enter')
  await expect(title(page)).toHaveText('#中文')

  // A change of a message.
  await ann.send('にほん')
  await acknowledged(message(page, 'にほん'))
  await page.getByRole('textbox', { name: /^Message / }).press('ArrowUp')
  await expect(page.getByText('Editing message')).toBeVisible()
  await method.compose('ご')
  await enter()
  await method.key('Escape', 27)
  await expect(page.getByText('Editing message')).toBeVisible()
  await method.accept('語')
  await page.keyboard.press('Enter')
  await expect(message(page, 'にほん語')).toContainText('(edited)')
})

test('names are found without their accents, in Turkish, German and Arabic', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const names = ['İstanbul', 'Straße', 'Zürich café', 'أخبار']
  for (const name of names) await createChannel(page, name)
  for (const [typed, name] of [
    ['istanbul', 'İstanbul'],
    ['strasse', 'Straße'],
    ['zurich cafe', 'Zürich café'],
    ['اخبار', 'أخبار'],
  ] as const) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Jump to…' }).fill(typed)
    await expect(page.getByRole('option').first()).toContainText(name)
    await page.keyboard.press('Enter')
    await expect(title(page)).toHaveText(`#${name}`)
  }
  await expect(row(page, 'أخبار')).toBeVisible()
})
