import { expect, test } from './fixtures.ts'

test('an emoji is found by a word, chosen by keys, and stands where the caret was', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  const box = page.getByRole('textbox', { name: /^Message / })
  await box.fill('so good')
  await box.press('Home')
  await box.press('ArrowRight')
  await box.press('ArrowRight')
  await page.getByRole('button', { name: 'Emoji' }).click()
  const search = page.getByRole('combobox', { name: 'Search emoji' })
  await expect(search).toBeFocused()
  await search.fill('party')
  await expect(page.getByRole('option', { name: 'tada', exact: true })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(box).toBeFocused()
  await expect(box).toHaveValue(/^so\p{Emoji} good$/u)

  // What was used comes first the next time, and Esc gives the focus back.
  await page.getByRole('button', { name: 'Emoji' }).click()
  await expect(page.getByText('Recent', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Emoji' })).toBeFocused()
})

test('a hand comes in the skin that one chose, also the next time', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const box = page.getByRole('textbox', { name: /^Message / })
  const open = () => page.getByRole('button', { name: 'Emoji' }).click()
  await open()
  const third = page.getByRole('radio', { name: 'Skin tone 3' })
  // The hand, as a person does: the button itself is not seen.
  await third.locator('..').click()
  await expect(third).toBeChecked()
  await page.getByRole('combobox', { name: 'Search emoji' }).fill('wave')
  await page.getByRole('option', { name: 'wave', exact: true }).click()
  await expect(box).toHaveValue('👋🏽')
  await box.press('Enter')
  await expect(page.getByRole('article')).toContainText('👋🏽')
  await page.reload()
  await open()
  await page.getByRole('combobox', { name: 'Search emoji' }).fill('ok hand')
  await page.keyboard.press('Enter')
  await expect(box).toHaveValue('👌🏽')
})

test('all emoji are there, and few of them in the page', async ({ signUp }) => {
  const { page } = await signUp('ann')
  await page.getByRole('button', { name: 'Emoji' }).click()
  const search = page.getByRole('combobox', { name: 'Search emoji' })
  await expect(page.getByRole('option', { name: 'grinning', exact: true })).toBeVisible()
  expect(await page.getByRole('option').count()).toBeLessThan(300)
  await search.fill('flag wales')
  await search.fill('wales')
  await expect(page.getByRole('option')).toHaveText(['🏴󠁧󠁢󠁷󠁬󠁳󠁿'])
  await search.fill('no such thing')
  await expect(page.getByText('No emoji has such a name')).toBeVisible()
})
