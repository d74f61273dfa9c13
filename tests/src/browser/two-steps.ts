import { authenticator } from '@parley/core/testing/authenticator'
import type { Client } from '@parley/sdk'
import { type Locator, type Page, expect } from '@playwright/test'
import { password } from './person.ts'

/** Gives somebody an app past the page. `code` is what it shows, or will show so many steps later. */
export async function addApp(client: Client) {
  const { secret } = await client.beginTotp()
  const code = await authenticator(secret, 3_000)
  const { recovery_codes } = await client.confirmTotp({ body: { code: code(-1) } })
  return { code, recovery: recovery_codes }
}

export const twoSteps = (page: Page): Locator =>
  page.getByRole('region', { name: 'Two-step sign-in' })

export const codeField = (within: Page | Locator): Locator =>
  within.getByRole('textbox', { name: 'Code', exact: true })
export const recoveryField = (within: Page | Locator): Locator =>
  within.getByRole('textbox', { name: 'Recovery code' })

/** The first step on the sign-in page; the second one is there, and has the focus. */
export async function firstStep(page: Page, email: string): Promise<void> {
  await page.goto('/signin')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await expect(codeField(page)).toBeFocused()
}
