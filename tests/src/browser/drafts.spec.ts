/// <reference lib="dom" />
import { type Person, expect, test } from './fixtures.ts'
import { createChannel, row, title } from './places.ts'

const box = ({ page }: Person) => page.getByRole('textbox', { name: /^Message / })
const caret = (person: Person) =>
  box(person).evaluate((field) =>
    field instanceof HTMLTextAreaElement ? field.selectionStart : -1,
  )

test(
  'drafts outlast a channel where one only reads, a reload there and another tab, with their carets',
  { tag: '@slow' },
  async ({ signUp, invite }) => {
    const bob = await signUp('bob')
    const ann = await signUp('ann', { invite: await invite(bob) })
    const { page } = ann
    await createChannel(bob.page, 'reading')
    await bob.send('Read me')
    const drafts = { general: 'half a thought', lunch: 'soup or salad', plans: 'on Monday' }
    await createChannel(page, 'lunch')
    await createChannel(page, 'plans')
    for (const [name, text] of Object.entries(drafts)) {
      await ann.open(name)
      await expect(title(page)).toHaveText(`#${name}`)
      await box(ann).fill(text)
      for (let n = 0; n < 4; n++) await box(ann).press('ArrowLeft')
    }
    for (const name of Object.keys(drafts)) await expect(row(page, name)).toContainText('draft')

    await page.getByRole('button', { name: 'Add a channel' }).click()
    await page.getByRole('menuitem', { name: 'Browse channels' }).click()
    await page.getByRole('link', { name: 'Preview #reading' }).click()
    await expect(page.getByRole('article')).toContainText('Read me')
    await expect(box(ann)).toHaveCount(0)
    await page.reload()
    await expect(page.getByText('You are looking at #reading.')).toBeVisible()
    for (const [name, text] of Object.entries(drafts)) {
      await expect(row(page, name)).toContainText('draft')
      await row(page, name).click()
      await expect(title(page)).toHaveText(`#${name}`)
      await expect(box(ann)).toHaveValue(text)
      await box(ann).focus()
      expect(await caret(ann)).toBe(text.length - 4)
    }

    const other = await ann.tab()
    await expect(box(other)).toHaveValue('on Monday')
    await box(ann).fill('on Tuesday')
    await expect(box(other)).toHaveValue('on Tuesday', { timeout: 1_000 })
    await box(other).fill('')
    await expect(row(page, 'plans')).not.toContainText('draft', { timeout: 1_000 })
    await ann.open('general')
    await box(ann).press('Enter')
    await expect(page.getByRole('article')).toContainText('half a thought')
    await expect(row(page, 'general')).not.toContainText('draft')
    await expect(row(page, 'lunch')).toContainText('draft')
  },
)
