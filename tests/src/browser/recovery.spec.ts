import { isAccessible } from './a11y-checks.ts'
import { expect } from './fixtures.ts'
import { test } from './mail-world.ts'

test(
  'who forgot their password chooses a new one by a mailed link',
  { tag: '@slow' },
  async ({ signUp, device, mailbox, tolerate }) => {
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

    const link = `/reset#${await mailbox?.(ann.email, 'reset')}`
    await page.goto(link)
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
    await again.goto(link)
    await again.getByLabel('New password').fill('yet another password')
    await again.keyboard.press('Enter')
    await expect(again.getByRole('alert')).toContainText('This link was used or is too old.')
    await expect(again.getByLabel('Email')).toBeVisible()
  },
)
