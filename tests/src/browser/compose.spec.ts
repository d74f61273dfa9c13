import { expect, test } from './fixtures.ts'

test('a message is there with the key press, and its row stays the same one', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('first')
  await expect(ann.page.getByRole('article')).toContainText('first')
  await ann.page.screenshot({ path: '/tmp/compose-1.png' })
})
