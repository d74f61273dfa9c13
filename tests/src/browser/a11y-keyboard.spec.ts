/// <reference lib="dom" />
import type { Page } from '@playwright/test'
import { dialogs } from './a11y-layers.ts'
import { places } from './a11y-places.ts'
import { command, composer, main, openBusy, walk } from './a11y-states.ts'
import { test } from './a11y-world.ts'
import { expect, acknowledged } from './fixtures.ts'
import { tabThrough } from './focus.ts'

// Each walks through many states.
test.describe.configure({ timeout: 120_000 })

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const message = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

test(
  'Tab goes through each place, always to what is seen and has a ring',
  { tag: '@slow' },
  async ({ world, tolerate }) => {
    tolerate(/404/)
    const { page } = world
    await walk(world, places, async ({ name }) => {
      expect(await tabThrough(page, name)).toBeGreaterThan(2)
    })
  },
)

test('Tab goes through each dialog and stays in it', { tag: '@slow' }, async ({ world }) => {
  const { page } = world
  // At once where it stays.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openBusy(world)
  await walk(world, dialogs, async ({ name, part }) => {
    // A list of people to choose from is closed by leaving its field.
    expect(await tabThrough(page, name)).toBeGreaterThan(0)
    await expect(part(page)).toBeVisible()
    const outside = await page.evaluate(
      () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
    )
    expect.soft(outside, name).toBe(false)
  })
})

test('messages are read, edited, deleted and answered by keys', async ({ world }) => {
  const { page, benName } = world
  await openBusy(world)
  await composer(page).focus()
  await press(page, 'ArrowUp')
  await expect(composer(page)).toHaveValue('What I said myself')
  await page.keyboard.type(' again')
  await press(page, 'Enter')
  const own = message(page, 'What I said myself again')
  await expect(own).toContainText('(edited)')
  await expect(composer(page)).toBeFocused()

  await page.keyboard.type(`@${benName.slice(0, 3)}`)
  await expect(page.getByRole('listbox', { name: 'People' })).toBeVisible()
  await press(page, 'Tab')
  await page.keyboard.type('one')
  await press(page, 'Shift+Enter')
  await page.keyboard.type('two')
  await press(page, 'Enter')
  const sent = message(page, `@${benName} one`)
  await acknowledged(sent)

  await press(page, 'Shift+Tab', 'Shift+Tab')
  await expect(sent).toBeFocused()
  await press(page, 'ArrowUp', 'ArrowUp', 'ArrowUp')
  await expect(own).toBeFocused()
  await press(page, 'e')
  await expect(composer(page)).toBeFocused()
  await expect(composer(page)).toHaveValue('What I said myself again')
  await press(page, 'Escape')
  await expect(composer(page)).toHaveValue('')

  await press(page, 'Shift+Tab', 'Shift+Tab')
  await expect(own).toBeFocused()
  await press(page, 'Enter')
  await expect(page.getByRole('toolbar').locator(':focus')).toHaveCount(1)
  await press(page, 'ArrowLeft')
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Delete' })).toBeFocused()
  await press(page, 'Enter')
  const question = page.getByRole('dialog', { name: 'Delete this message?' })
  await expect(question).toBeVisible()
  await question.getByRole('button', { name: 'Delete' }).focus()
  await press(page, 'Enter')
  await expect(own).toHaveCount(0)
  await expect(page.locator(':focus')).toHaveCount(1)
})

test('a day is jumped to by keys, and its first message has the focus', async ({ world }) => {
  const { page } = world
  await openBusy(world)
  await command(page, 'Jump to date')
  const field = page.getByLabel('Date', { exact: true })
  await expect(field).toBeVisible()
  const day = await field.inputValue()
  await field.fill(new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10))
  await press(page, 'Enter')
  await expect(message(page, 'Good morning')).toBeFocused()
})

test('letters do nothing on the page', async ({ world }) => {
  const { page } = world
  await openBusy(world)
  await page.evaluate(
    () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
  )
  const url = page.url()
  await press(page, ...'abcdefghijklmnopqrstuvwxyzERT0+?'.split(''))
  expect(page.url()).toBe(url)
  await expect(main(page).getByText('Editing message')).toHaveCount(0)
  await expect(page.getByRole('toolbar')).toHaveCount(0)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(composer(page)).toHaveValue('')
})

/** Contrast by WCAG of two colours as tokens have them. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const hex = colour.length === 4 ? colour.replace(/\w/g, '$&$&') : colour
    const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
  }
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

test('the focus ring stands out from whatever it lies on', async ({ world }) => {
  const { page } = world
  await openBusy(world)
  for (const theme of ['dark', 'light']) {
    const colours = await page.evaluate((theme) => {
      document.documentElement.dataset['theme'] = theme
      const style = getComputedStyle(document.documentElement)
      const planes = [
        'rail',
        'side',
        'side-hover',
        'raised',
        'field',
        'hover',
        'press',
        'mention',
        'code',
      ]
      const names = ['--bg', ...planes.map((plane) => `--bg-${plane}`), '--focus']
      return names.map((name) => style.getPropertyValue(name).trim())
    }, theme)
    const ring = colours.at(-1) ?? ''
    for (const plane of colours.slice(0, -1))
      expect.soft(contrast(ring, plane), `${theme}: ${ring} on ${plane}`).toBeGreaterThanOrEqual(3)
  }
})
