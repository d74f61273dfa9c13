import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** In both themes: nothing that axe knows to be wrong, or cannot tell of contrast. */
async function isAccessible(page: Page): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((theme) => void (document.documentElement.dataset['theme'] = theme), theme)
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
    const found = violations.map(
      ({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    )
    expect(found).toEqual([])
  }
}

test('sign-in, with its errors', async ({ device, tolerate }) => {
  tolerate(/401/)
  const page = await (await device()).newPage()
  await page.goto('/signin')
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Sign in to Parley" [level=1]
      - text: Email
      - textbox "Email"
      - text: Password
      - textbox "Password"
      - button "Show password"
      - button "Sign in"
      - paragraph:
        - text: No account yet?
        - link "Create account":
          - /url: /signup
  `)
  await isAccessible(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Fill this in.')).toHaveCount(2)
  await isAccessible(page)
  await page.getByLabel('Email').fill('nobody@example.org')
  await page.getByLabel('Password', { exact: true }).fill('not the right one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await isAccessible(page)
})

test('sign-up', async ({ device }) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await expect(page.getByText('At least 12 characters')).toBeVisible()
  await isAccessible(page)
})

test('an invite', async ({ signUp, invite, device }) => {
  const path = await invite(await signUp('ann'))
  const page = await (await device()).newPage()
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^You are invited to Acme/)
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading /You are invited to/ [level=1]
      - paragraph: 1 person is there.
      - link "Create an account"
      - link "I have an account"
  `)
  await isAccessible(page)
})

test('a chat with messages and the offer of notifications', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('Hello everybody')
  await expect(ann.page.getByRole('article')).toContainText('Hello everybody')
  await expect(ann.page.getByRole('main')).toHaveAccessibleName('#general')
  await isAccessible(ann.page)
})

test('the dialog over a page whose session ended', async ({ signUp, sql, tolerate }) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  await expect(ann.page.getByRole('textbox', { name: /^Message / })).toBeVisible()
  await sql(
    'update sessions set revoked_at = now() where user_id = (select id from users where email = $1)',
    [ann.email],
  )
  const dialog = ann.page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  await isAccessible(ann.page)
})

test('in Arabic everything reads from right to left', async ({ device }) => {
  const page = await (await device({ locale: 'ar' })).newPage()
  await page.goto('/signin')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('تسجيل الدخول إلى Parley')
  await isAccessible(page)
})
