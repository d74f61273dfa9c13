import { expect, test } from './fixtures.ts'

test('a new person founds a workspace and writes in #general at once', async ({ signUp }) => {
  const ann = await signUp('ann')
  await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('#general')
  await ann.send('Hello!')
  await expect(ann.page.getByRole('article')).toContainText('Hello!')
  await ann.page.reload()
  await expect(ann.page.getByRole('article')).toContainText('Hello!')
})
