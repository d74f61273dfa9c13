import type { Page } from '@playwright/test'
import { freePort } from '@parley/core/testing/free-port'
import { type TestProvider, startOpenidProvider } from '@parley/core/testing/openid-provider'
import { startParley } from '../stack/parley.ts'
import { isAccessible } from './a11y-checks.ts'
import { test as base, expect } from './fixtures.ts'
import { password, signOut } from './person.ts'

/** The provider is another site to the browser, whose button leads back to the client's. */
const test = base.extend<object, { port: number; provider: TestProvider }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
  port: [async ({}, use) => use(await freePort()), { scope: 'worker' }],
  provider: [
    async ({ port }, use) => {
      const provider = await startOpenidProvider(`http://localhost:${port}/api/auth/oidc/callback`)
      provider.ask()
      await use(provider)
      await provider.stop()
    },
    { scope: 'worker' },
  ],
  parley: [
    async ({ events, provider, port }, use) => {
      const parley = await startParley({
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_EVENTS_URL: events.url,
        PARLEY_CHAT_PORT: String(port),
        ...provider.settings,
      })
      events.leadTo(parley.eventsUrl)
      await use({ ...parley, url: `http://localhost:${port}` })
      await parley.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

let count = 0
const somebody = (more: Record<string, unknown> = {}) => {
  const name = `olga-${process.pid}-${++count}`
  const email = `${name}@example.org`
  return { sub: name, email, email_verified: true, preferred_username: name, ...more }
}
const wait = { timeout: 30_000 }
const goOn = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Continue with Example Login' }).click()
  await letIn(page)
}
const letIn = async (page: Page): Promise<void> => {
  await expect(page).toHaveTitle('Example Login', wait)
  await page.getByRole('button', { name: 'Let me in' }).click()
}

test('who signs in by the provider is where they wanted to go, and still after a reload', async ({
  device,
  provider,
}) => {
  const olga = somebody()
  provider.letIn(olga)
  const page = await (await device()).newPage()
  await page.goto('/settings/account')
  await expect(page).toHaveURL(/\/signin\?to=/)
  const link = page.getByRole('link', { name: 'Continue with Example Login' })
  await expect(link).toBeVisible(wait)
  await isAccessible(page, 'signing in by a provider')
  await goOn(page)
  await expect(page).toHaveURL(/\/settings\/account$/, wait)
  await expect(page.getByText(olga.email)).toBeVisible(wait)
  await page.reload()
  await expect(page.getByText(olga.email)).toBeVisible(wait)
})

test('an invite leads through the provider into its workspace', async ({
  device,
  signUp,
  invite,
  provider,
}) => {
  const ann = await signUp('ann')
  const path = await invite(ann)
  provider.letIn(somebody())
  const page = await (await device()).newPage()
  await page.goto(path)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await goOn(page)
  await expect(page).toHaveURL(/\/w\/\d+\/c\/\d+$/, wait)
})

test(
  'why one is not let in is said in words, and in one’s language',
  { tag: '@slow' },
  async ({ device, signUp, provider }) => {
    const ann = await signUp('ann')
    for (const [locale, name, sentence] of [
      ['en', 'Continue with Example Login', 'There is an account with your email address.'],
      ['de', 'Weiter mit Example Login', 'Es gibt schon ein Konto mit deiner E-Mail-Adresse.'],
      ['ar', 'المتابعة عبر Example Login', 'يوجد حساب بهذا البريد الإلكتروني.'],
    ] as const) {
      provider.letIn(somebody({ email: ann.email }))
      const page = await (await device({ locale })).newPage()
      await page.goto('/signin')
      await page.getByRole('link', { name }).click()
      await letIn(page)
      await expect(page.getByRole('alert')).toContainText(sentence, wait)
      await isAccessible(page, `refused by a provider, ${locale}`)
      await expect(page).toHaveURL(/\/signin\?to=%2F$/)
    }
  },
)

test(
  'one links an account in the settings, signs in by it, and unlinks it',
  { tag: '@slow' },
  async ({ signUp, provider, tolerate }) => {
    tolerate(/40[13]/)
    const ann = await signUp('ann')
    const { page } = ann
    provider.letIn(somebody())
    await page.goto('/settings/security')
    const section = page.getByRole('region', { name: 'Sign-in with Example Login' })
    await section.getByRole('button', { name: 'Link to Example Login' }).click()
    await letIn(page)
    const unlink = section.getByRole('button', { name: 'Unlink from Example Login' })
    await expect(unlink).toBeVisible(wait)
    await expect(page).toHaveURL(/\/settings\/security$/)
    await isAccessible(page, 'a linked account')

    await page.goto('/')
    await page.waitForURL(/\/c\//)
    await signOut(page)
    await expect(page).toHaveURL(/\/signin/, wait)
    // The provider knows them already, and asks nothing.
    await page.getByRole('link', { name: 'Continue with Example Login' }).click()
    await page.waitForURL(/\/w\/\d+\/c\/\d+$/, wait)
    await page.goto('/settings/account')
    await expect(page.getByText(ann.email)).toBeVisible(wait)

    await page.goto('/settings/security')
    await unlink.click()
    await expect(section.getByRole('button', { name: 'Link to Example Login' })).toBeVisible(wait)
  },
)

test(
  'who has no password confirms by the provider that it is them, and chooses one',
  { tag: '@slow' },
  async ({ device, provider, sql, tolerate }) => {
    tolerate(/40[13]/)
    const olga = somebody()
    provider.letIn(olga)
    const page = await (await device()).newPage()
    await page.goto('/signin?to=/settings/security')
    await goOn(page)
    const section = page.getByRole('region', { name: 'Sign-in with Example Login' })
    await expect(section.getByText('choose a password or add a passkey first')).toBeVisible(wait)
    await sql(
      `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
       where user_id = (select id from users where email = $1)`,
      [olga.email],
    )
    const change = async () => {
      await page.getByLabel('New password').fill(password)
      await page.getByRole('button', { name: 'Change password' }).click()
    }
    await change()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    const there = dialog.getByRole('button', { name: 'Continue with Example Login' })
    await expect(there).toBeVisible(wait)
    await isAccessible(page, 'confirming by a provider')
    await there.click()
    await letIn(page)
    await expect(page.getByText('You have confirmed that it is you.')).toBeVisible(wait)
    await change()
    await expect(page.getByText('Your password is changed.')).toBeVisible(wait)
    await page.reload()
    await expect(section.getByRole('button', { name: 'Unlink from Example Login' })).toBeVisible(
      wait,
    )
  },
)
