import { authenticator } from '@parley/core/testing/authenticator'
import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { fits } from './fits.ts'
import { type Person, expect, test } from './fixtures.ts'
import { password } from './person.ts'
import { title } from './places.ts'
import { addApp, codeField, twoSteps } from './two-steps.ts'

// Servers that others keep busy take their time.
test.describe.configure({ timeout: 120_000 })

const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })

/** Chooses it in the settings of the workspace, and says yes to what it asks. */
async function choose({ page }: Person, what: string): Promise<void> {
  const sidebar = page.getByRole('complementary', { name: 'Channels' })
  await sidebar.getByRole('heading', { level: 2 }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Workspace settings' }).click()
  await page.getByRole('dialog').getByRole('button', { name: what }).click()
  const question = page.getByRole('dialog', { name: `${what} of all members?` })
  const other = page.getByRole('dialog', { name: `${what}?` })
  await question.or(other).getByRole('button', { name: what }).click()
}

const requireOf = `update workspaces set requires_second_factor = true where id = (
  select workspace_id from workspace_members m join users u on u.id = m.user_id
  where u.email = $1 limit 1)`

/** Sets an app up on the page that one was led to, and goes on. */
async function setUp(page: Page): Promise<void> {
  const part = twoSteps(page)
  await part.getByRole('button', { name: 'Set up' }).click()
  const key = await part.getByRole('code').textContent()
  const code = await authenticator((key ?? '').replaceAll(' ', ''))
  await codeField(part).fill(code(-1))
  await page.keyboard.press('Enter')
  await part.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test(
  'an owner requires a second factor; a member is signed out, sets one up, and is back in the chat',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, tolerate }) => {
    tolerate(/40[139]/)
    const ann = await signUp('ann')
    const bob = await signUp('bob', { invite: await invite(ann) })
    await choose(ann, 'Require a second factor')
    await expect(toast(ann.page, 'You need a second factor yourself.')).toBeVisible()
    await addApp(await clientOf(ann))
    await choose(ann, 'Require a second factor')
    await expect(toast(ann.page, 'A second factor is required from now on.')).toBeVisible()

    const { page } = bob
    const place = new URL(page.url()).pathname
    const over = page.getByRole('dialog', { name: 'Sign in again' })
    await over.getByLabel('Password', { exact: true }).fill(password)
    await over.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/settings\/second-factor/)
    await expect(title(page)).toHaveText('Set up a second factor')
    await expect(page.getByRole('main')).toContainText(/A second factor is required in Acme/)
    await isAccessible(page, 'a second factor is due')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('alert')).toHaveText('Set up a second factor first.')
    // Wherever they turn, they come back here.
    await page.goto('/')
    await page.waitForURL(/\/settings\/second-factor/)
    await page.goto(place)
    await page.waitForURL(/\/settings\/second-factor/)
    await setUp(page)
    await page.waitForURL(`**${place}`)
    await bob.send('I am back')
    await expect(page.getByRole('article').filter({ hasText: 'I am back' })).toBeVisible()
    await expect(ann.page.getByRole('article').filter({ hasText: 'I am back' })).toBeVisible()

    await choose(ann, 'No longer require a second factor')
    await expect(toast(ann.page, 'A second factor is no longer required.')).toBeVisible()
  },
)

test(
  'whoever opens an invite into such a workspace sets one up, and joins',
  { tag: '@slow' },
  async ({ signUp, invite, sql, tolerate }) => {
    tolerate(/40[139]/)
    const ann = await signUp('ann')
    const link = await invite(ann)
    const { page } = await signUp('eve')
    await sql(
      `insert into totp_secrets (user_id, secret_enc, confirmed_at)
       select id, '\\x00', now() from users where email = $1`,
      [ann.email],
    )
    await sql(requireOf, [ann.email])
    await page.goto(link)
    await page.getByRole('button', { name: /^Join/ }).click()
    await page.waitForURL(/\/settings\/second-factor/)
    await expect(page.getByRole('main')).toContainText(/What you opened requires a second factor/)
    await setUp(page)
    await page.getByRole('button', { name: /^Join/ }).click()
    await page.waitForURL(/\/w\//)
  },
)

test('the last second factor that is required stays', async ({
  signUp,
  clientOf,
  sql,
  tolerate,
}) => {
  tolerate(/409/)
  const ann = await signUp('ann')
  await addApp(await clientOf(ann))
  await sql(requireOf, [ann.email])
  const { page } = ann
  await page.goto('/settings/security')
  await twoSteps(page).getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await expect(twoSteps(page).getByRole('alert')).toHaveText(/requires a second factor/)
})

for (const [locale, name] of Object.entries({
  de: 'Richte einen zweiten Faktor ein',
  ar: 'إعداد عامل ثانٍ',
}))
  test(`what is due is said in ${locale} and fits a small screen`, async ({
    signUp,
    sql,
    tolerate,
  }) => {
    tolerate(/40[13]/)
    const { page, email } = await signUp('ann')
    // As one that was not used lately, the session goes on.
    await sql(
      `update sessions set last_used_at = now() - interval '1 hour'
       where user_id = (select id from users where email = $1)`,
      [email],
    )
    await sql(requireOf, [email])
    await page.setViewportSize({ width: 320, height: 640 })
    await page.evaluate((locale) => localStorage.setItem('parley.locale', locale), locale)
    await page.goto('/settings/second-factor')
    await expect(title(page)).toHaveText(name)
    await fits(page, `a second factor is due in ${locale}`)
    await isAccessible(page, `a second factor is due in ${locale}`)
  })
