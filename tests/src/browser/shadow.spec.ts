import { expect, test } from './fixtures.ts'

for (const colorScheme of ['dark', 'light'] as const)
  test(`what lies over the page stands out from it, ${colorScheme}`, async ({ signUp }) => {
    const { page } = await signUp('ann')
    await page.emulateMedia({ colorScheme })
    await page.keyboard.press('Control+k')
    const dialog = page.getByRole('dialog', { name: 'Jump to…' })
    await expect(dialog).toHaveCSS('box-shadow', /^rgba?\(.+px/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Add a channel' }).click()
    await expect(page.getByRole('menu')).toHaveCSS('box-shadow', /^rgba?\(.+px/)
  })
