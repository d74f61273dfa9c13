/// <reference lib="dom" />
import type { Locator, Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { choose, made, rowOf, share } from './files-world.ts'
import { acknowledged, expect, test } from './fixtures.ts'
import { colours, png } from './pictures.ts'

const last = (page: Page) => page.getByRole('article').last()
const attached = (page: Page) => page.getByRole('list', { name: 'Attached files' })
const describing = (page: Page) => page.getByRole('dialog', { name: /^Describe / })

/** A document of one page, as short as one can be. */
const drawn = 'BT /F 12 Tf 72 700 Td (Quarterly report) Tj 0 -20 Td (All is well) Tj ET'
const report = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length ${drawn.length}>>stream
${drawn}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`

/** Says what a picture shows, as its dialog asks for it. */
async function describe(page: Page, where: Locator, text: string): Promise<void> {
  await where.getByRole('button', { name: 'Describe cat.png' }).click()
  const box = describing(page).getByRole('textbox', { name: 'Description' })
  await expect(box).toBeFocused()
  await box.fill(text)
  await describing(page).getByRole('button', { name: 'Save' }).click()
  await expect(describing(page)).toHaveCount(0)
}

test('a text and a document show what they begin with, as text', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const bob = await signUp('bob')
  const { page } = await signUp('ann', { invite: await invite(bob) })
  const [, chat] = /\/c\/(\d+)/.exec(page.url()) ?? []
  const id = await share(await clientOf(bob), Number(chat), [
    made('notes.md', '# Notes\n\n<img src=x onerror=alert(1)>\n', 'text/markdown'),
    made('report.pdf', report, 'application/pdf'),
    made('data.bin', Buffer.from([0, 1, 2, 3]), 'application/octet-stream'),
  ])
  const row = rowOf(page, id)
  const beginning = (name: string) => row.getByRole('group', { name: `Beginning of ${name}` })
  await expect(beginning('notes.md')).toHaveText('# Notes\n\n<img src=x onerror=alert(1)>')
  await expect(beginning('report.pdf')).toHaveText('Quarterly report\nAll is well')
  await expect(row.getByRole('group')).toHaveCount(2)
  await expect(row.locator('pre img')).toHaveCount(0)
  // The room that the row keeps is what the cards take.
  const free = await row.locator('.files').evaluate((element) => {
    const [room] = element.children
    const [shown] = room?.children ?? []
    return (
      (room?.getBoundingClientRect().height ?? 0) - (shown?.getBoundingClientRect().height ?? 9)
    )
  })
  expect(Math.abs(free)).toBeLessThan(1)
  await isAccessible(page, 'a text and a document')
})

test('what a picture shows is said before it is sent, and goes with it', async ({
  signUp,
  invite,
}) => {
  const bob = await signUp('bob')
  const ann = await signUp('ann', { invite: await invite(bob) })
  const { page } = ann
  await choose(ann, [made('cat.png', png(120, 80, colours[0]))])
  await describe(page, attached(page), ' A cat on a ladder ')
  await page.getByRole('button', { name: 'Send message' }).click()
  await acknowledged(last(page))
  for (const one of [page, bob.page]) {
    await expect(last(one).getByRole('button', { name: 'Open A cat on a ladder' })).toBeVisible()
    await expect(last(one)).toHaveAccessibleDescription(/1 file: A cat on a ladder/)
  }
  await last(bob.page).getByRole('button', { name: 'Open A cat on a ladder' }).click()
  const viewer = bob.page.getByRole('dialog', { name: 'Image viewer' })
  await expect(viewer.getByRole('img', { name: 'A cat on a ladder' })).toBeVisible()
  await expect(viewer.getByText('A cat on a ladder')).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^Describe/ })).toHaveCount(0)
  await isAccessible(bob.page, 'a picture with a description')
})

test('it is kept with an attached picture over a reload, and can be said of one that was sent', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  await choose(ann, [made('cat.png', png(120, 80, colours[1]))])
  await describe(page, attached(page), 'A cat')
  await page.reload()
  const button = attached(page).getByRole('button', { name: 'Describe cat.png' })
  await expect(button).toHaveAccessibleDescription('A cat')
  await page.getByRole('button', { name: 'Send message' }).click()
  await acknowledged(last(page))
  await last(page).getByRole('button', { name: 'Open A cat' }).click()
  const viewer = page.getByRole('dialog', { name: 'Image viewer' })
  await describe(page, viewer, 'A grey cat')
  await expect(last(page).getByRole('button', { name: 'Open A grey cat' })).toBeVisible()
  await expect(last(page)).not.toContainText('(edited)')
})

test('a message with a file may lose its text, and is not asked to go', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  await choose(ann, [made('cat.png', png(120, 80, colours[2]))])
  await ann.send('Look')
  await acknowledged(last(page))
  const box = page.getByRole('textbox', { name: /^Message / })
  await box.press('ArrowUp')
  await expect(box).toHaveValue('Look')
  await box.fill('')
  await box.press('Enter')
  await expect(last(page)).toContainText('(edited)')
  await expect(last(page)).not.toContainText('Look')
  await expect(last(page).getByRole('button', { name: 'Open cat.png' })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
