/// <reference lib="dom" />
import { expect, test } from './fixtures.ts'

const code = 'export const pi = 3.14 // nearly\nconsole.log("<b>", pi)'

test('code is coloured in its language after it is there, and stays the same text', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  await ann.page.emulateMedia({ colorScheme: 'dark' })
  await ann.send(`\`\`\`ts\n${code}\n\`\`\``)
  const block = ann.page.getByRole('region', { name: 'Code, ts' })
  await expect(block.getByText('export', { exact: true })).toHaveCSS('color', 'rgb(189, 159, 242)')
  await expect(block.getByText('3.14', { exact: true })).toHaveCSS('color', 'rgb(235, 177, 108)')
  await expect(block.getByText('// nearly', { exact: true })).toHaveCSS(
    'color',
    'rgb(157, 165, 179)',
  )
  expect(await block.textContent()).toBe(code)

  await ann.send('```klingon\nqapla\n```')
  const unknown = ann.page.getByRole('region', { name: 'Code, klingon' })
  await expect(unknown).toHaveText('qapla')
})

test('code that is edited is coloured anew', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('```ts\nconst a = 1\n```')
  const block = ann.page.getByRole('region', { name: 'Code, ts' })
  await expect(block.getByText('const', { exact: true })).toBeVisible()
  const box = ann.page.getByRole('textbox', { name: /^Message / })
  await box.press('ArrowUp')
  await box.fill('```ts\nlet b = 2\n```')
  await box.press('Control+Enter')
  await expect(block.getByText('let', { exact: true })).toBeVisible()
  await expect(block).toHaveText('let b = 2')
})
