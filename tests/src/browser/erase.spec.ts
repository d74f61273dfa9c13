import { isAccessible } from './a11y-checks.ts'
import { expect, test } from './fixtures.ts'
import { password } from './person.ts'

test(
  'an account is deleted by its password, and what was written stays without a name',
  { tag: '@slow' },
  async ({ signUp, invite, tolerate }) => {
    tolerate(/40[13]/)
    const bob = await signUp('bob')
    const ann = await signUp('ann', { invite: await invite(bob) })
    const { page } = ann
    await ann.send('Written by Ann')
    await expect(bob.page.getByRole('article')).toContainText(ann.name)
    const other = await ann.tab()

    await page.goto('/settings/account')
    await page.getByRole('button', { name: 'Delete account' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete account' })
    await isAccessible(page, 'deleting an account')
    await dialog.getByLabel('Password', { exact: true }).fill('something else')
    await page.keyboard.press('Enter')
    await expect(dialog.getByText('The password is wrong.')).toBeVisible()
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await dialog.getByRole('button', { name: 'Delete account' }).click()

    await page.waitForURL('**/signin')
    await other.page.waitForURL('**/signin')
    const article = bob.page.getByRole('article')
    await expect(article).toContainText('Written by Ann')
    await expect(article).toContainText(/deleted-user-\d+/)
    await expect(article).not.toContainText(ann.name)
    await expect(bob.page.getByText('1 member', { exact: true })).toBeVisible()

    await page.getByLabel('Email').fill(`${ann.name}@example.org`)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
  },
)
