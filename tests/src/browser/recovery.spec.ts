import { startMailServer } from '@parley/core/testing/mail-server'
import { startParley } from '../stack/parley.ts'
import { isAccessible } from './a11y-checks.ts'
import { test as base, expect } from './fixtures.ts'

const test = base.extend<object, { mail: Awaited<ReturnType<typeof startMailServer>> }>({
  mail: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const mail = await startMailServer()
      await use(mail)
      await mail.stop()
    },
    { scope: 'worker' },
  ],
  parley: [
    async ({ events, mail }, use) => {
      const parley = await startParley({
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_EVENTS_URL: events.url,
        PARLEY_SMTP_URL: mail.url,
        PARLEY_MAIL_FROM: 'Parley <parley@example.org>',
      })
      events.leadTo(parley.eventsUrl)
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

test('who forgot their password chooses a new one by a mailed link', async ({
  signUp,
  device,
  mail,
  tolerate,
}) => {
  tolerate(/410|401/)
  const ann = await signUp('ann')
  const page = await (await device()).newPage()
  await page.goto('/signin')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await isAccessible(page, 'asking for a link')
  await page.getByRole('button', { name: 'Send link' }).click()
  await expect(page.getByText('Fill this in.')).toBeVisible()
  await page.getByLabel('Email').fill(ann.email)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toContainText('a link is on its way')

  const link = () =>
    /http:\/\/\S+\/reset#[\w-]{43}/.exec(
      mail.received.find(({ to }) => to.includes(ann.email))?.text.replaceAll(/=\r\n/g, '') ?? '',
    )?.[0]
  await expect.poll(link).toBeDefined()
  const { pathname, hash } = new URL(link() ?? '')
  await page.goto(pathname + hash)
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await isAccessible(page, 'choosing a new password')
  // The secret is no longer in the address, nor in what the browser keeps of it.
  await expect(page).toHaveURL(/\/reset$/)
  const field = page.getByLabel('New password')
  await field.fill('short')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Too short.')).toBeVisible()
  const meter = page.getByRole('meter', { name: 'Password strength' })
  await expect(meter).toHaveAttribute('aria-valuetext', 'Weak')
  await isAccessible(page, 'a new password that is weak')
  await field.fill('a password nobody thinks of')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toContainText('Sign in with the new one.')
  // Whoever was signed in is no longer.
  await expect(ann.page.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()

  await page.getByRole('link', { name: 'Back to sign in' }).click()
  await page.getByLabel('Email').fill(ann.email)
  await page.getByLabel('Password', { exact: true }).fill('a password nobody thinks of')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/w\//)

  const again = await (await device()).newPage()
  await again.goto(pathname + hash)
  await again.getByLabel('New password').fill('yet another password')
  await again.keyboard.press('Enter')
  await expect(again.getByRole('alert')).toContainText('This link was used or is too old.')
  await expect(again.getByLabel('Email')).toBeVisible()
})
