import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { type Fixtures, type WorkerFixtures, expect, test } from './fixtures.ts'
import { passkeyDevice } from './passkey-device.ts'
import { signUpOn } from './person.ts'
import { addApp, firstStep } from './two-steps.ts'

const passkeysOn = (page: Page) => page.getByRole('region', { name: 'Passkeys' })
const rowsOn = (page: Page) => passkeysOn(page).getByRole('listitem')

async function add(page: Page, name: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Add a passkey' })
  await form.getByLabel('Name of the passkey').fill(name)
  await form.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rowsOn(page).filter({ hasText: name })).toHaveCount(1)
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/settings/account')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/signin/)
}

let people = 0
/** Somebody whose browser is at an address that is a name. */
async function signUp({ device, parley }: Pick<Fixtures & WorkerFixtures, 'device' | 'parley'>) {
  const context = await device({ baseURL: parley.url.replace('127.0.0.1', 'localhost') })
  const name = `pia-${process.pid}-${++people}`
  const email = `${name}@example.org`
  return signUpOn(context, { name, email, workspace: `Keys of ${name}` })
}

test(
  'one adds a passkey, signs in by it without a password, proves by it who one is, and removes it',
  { tag: '@slow' },
  async ({ device: browser, parley, sql, tolerate }) => {
    tolerate(/40[13]/)
    const { page, email } = await signUp({ device: browser, parley })
    const device = await passkeyDevice(page)
    await page.goto('/settings/security')
    await expect(page.getByLabel('Name of the passkey')).toHaveValue(/Linux|macOS|Windows/)
    await add(page, 'Old laptop')
    expect(await device.count()).toBe(1)
    await isAccessible(page, 'passkeys')

    // A device has one passkey of an account.
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await expect(passkeysOn(page).getByText(/passkey of yours on this device/)).toBeVisible()

    await rowsOn(page).getByRole('button', { name: 'Rename Old laptop' }).click()
    const field = rowsOn(page).getByLabel('Name of the passkey')
    await expect(field).toBeFocused()
    await field.fill('Laptop')
    await field.press('Enter')
    await expect(rowsOn(page)).toContainText(['Laptop'])
    await expect(rowsOn(page).getByRole('button', { name: 'Rename Laptop' })).toBeFocused()

    await signOut(page)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForURL(/\/w\/|\/c\//)
    await page.goto('/settings/security')
    await expect(rowsOn(page)).toContainText(['Last used'])

    await sql(
      `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
       where user_id = (select id from users where email = $1)`,
      [email],
    )
    await rowsOn(page).getByRole('button', { name: 'Remove Laptop' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await isAccessible(page, 'proving who one is by a passkey')
    await proof.getByRole('button', { name: 'Use a passkey' }).click()
    await expect(page.getByText('Passkey removed.')).toBeVisible()
    await expect(rowsOn(page)).toHaveCount(0)

    // The device still has it, and is told that it is good for nothing.
    await signOut(page)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await expect(page.getByRole('alert')).toHaveText('This passkey does not work here.')
  },
)

test('a passkey stands in for the code of an app after the password', async ({
  device: browser,
  parley,
  clientOf,
  tolerate,
}) => {
  tolerate(/401/)
  const pia = await signUp({ device: browser, parley })
  const { page, email } = pia
  await passkeyDevice(page)
  await page.goto('/settings/security')
  await add(page, 'Laptop')
  await addApp(await clientOf(pia))
  await signOut(page)
  await firstStep(page, email)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL(/\/w\/|\/c\//)
})

test('a device that does not know who holds it signs nobody in, and one without a passkey neither', async ({
  device: browser,
  parley,
}) => {
  const { page } = await signUp({ device: browser, parley })
  const device = await passkeyDevice(page)
  await page.goto('/settings/security')
  await device.knowsUser(false)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(passkeysOn(page).getByText('No passkey was used.')).toBeVisible()
  await signOut(page)
  await device.knowsUser(true)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByRole('alert')).toHaveText('No passkey was used.')
  await expect(page.getByRole('button', { name: 'Use a passkey' })).toBeVisible()
})

test('at an address that is a number no passkeys are offered', async ({ device, parley }) => {
  const page = await (await device()).newPage()
  expect(parley.url).toContain('127.0.0.1')
  await page.goto('/signin')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await page.waitForLoadState('networkidle')
  await expect(page.getByRole('button', { name: 'Use a passkey' })).toHaveCount(0)
})
