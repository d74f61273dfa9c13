import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { expect } from './fixtures.ts'
import { test } from './mail-world.ts'
import { password } from './person.ts'

const wait = { timeout: 30_000 }
let count = 0
const somebody = () => {
  const name = `mia-${process.pid}-${++count}`
  return { name, email: `${name}@example.org` }
}
type Somebody = ReturnType<typeof somebody>

async function fill(page: Page, { name, email }: Somebody, workspace?: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  if (workspace !== undefined) await page.getByLabel('Workspace').fill(workspace)
  await page.getByRole('button', { name: 'Create account' }).click()
}
async function finish(page: Page, typed = password): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(typed)
  await page.getByRole('button', { name: 'Finish' }).click()
}
const mailboxPage = (page: Page) => page.getByRole('heading', { name: 'Look into your mailbox' })
const finishPage = (page: Page) => page.getByRole('heading', { name: 'Finish signing up' })

test(
  'who signs up opens a link from their mailbox and is in the chat',
  { tag: '@slow' },
  async ({ device, mailbox, tolerate }) => {
    tolerate(/40[139]|410/)
    const mia = somebody()
    const page = await (await device()).newPage()
    await page.goto('/signup')
    await fill(page, mia, `Mail ${mia.name}`)
    await expect(mailboxPage(page)).toBeVisible(wait)
    await expect(page.getByRole('status')).toContainText(mia.email)
    await isAccessible(page, 'a link is on its way')
    const first = await mailbox?.(mia.email, 'signup')
    // The way back has what was entered.
    await page.getByRole('button', { name: 'Change what you entered' }).click()
    await expect(page.getByLabel('Email')).toHaveValue(mia.email)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(mailboxPage(page)).toBeVisible(wait)
    // Of two links the newer one counts.
    const newest = async () => (await mailbox?.(mia.email, 'signup')) ?? ''
    await expect.poll(newest, wait).not.toBe(first)
    const secret = await newest()

    const elsewhere = await (await device()).newPage()
    await elsewhere.goto(`/signup#${secret}`)
    await expect(finishPage(elsewhere)).toBeVisible(wait)
    await expect(elsewhere).toHaveURL(/\/signup$/)
    await isAccessible(elsewhere, 'finishing a sign-up')
    await finish(elsewhere, 'not the password of before')
    await expect(elsewhere.getByRole('alert')).toContainText('This is not the password')
    await finish(elsewhere)
    await elsewhere.waitForURL(/\/w\/\d+\/c\//)
    await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('#general', wait)

    const again = await (await device()).newPage()
    await again.goto(`/signup#${secret}`)
    await finish(again)
    await expect(again.getByRole('alert')).toContainText('This link was used or is too old.', wait)
    await expect(again.getByLabel('Email')).toBeVisible()
  },
)

test(
  'an invite leads to its workspace through the mailbox, with another name where that is taken',
  { tag: '@slow' },
  async ({ signUp, invite, device, mailbox, tolerate }) => {
    tolerate(/40[139]/)
    const ann = await signUp('ann')
    const page = await (await device()).newPage()
    await page.goto(await invite(ann))
    await page.getByRole('link', { name: 'Create an account' }).click()
    const mia = { ...somebody(), name: ann.name }
    await fill(page, mia)
    await expect(mailboxPage(page)).toBeVisible(wait)
    // The link may be opened over the page.
    await page.goto(`/signup#${(await mailbox?.(mia.email, 'signup')) ?? ''}`)
    await expect(finishPage(page)).toBeVisible(wait)
    await finish(page)
    await expect(page.getByRole('alert')).toContainText('Somebody else has this name', wait)
    await isAccessible(page, 'choosing another name')
    await page.getByLabel('Name', { exact: true }).fill(somebody().name)
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.waitForURL(/\/w\/\d+\/c\//)
    expect(new URL(page.url()).pathname).toBe(new URL(ann.page.url()).pathname)
  },
)

test('the link is for whoever opens it, also where somebody else is signed in', async ({
  signUp,
  device,
  mailbox,
}) => {
  const ann = await signUp('ann')
  const page = await (await device()).newPage()
  await page.goto('/signup')
  const mia = somebody()
  await fill(page, mia, `Mail ${mia.name}`)
  await expect(mailboxPage(page)).toBeVisible(wait)
  const secret = (await mailbox?.(mia.email, 'signup')) ?? ''
  await ann.page.goto(`/signup#${secret}`)
  await expect(finishPage(ann.page)).toBeVisible(wait)
  await finish(ann.page)
  await ann.page.waitForURL(/\/w\/\d+\/c\//)
  await expect(ann.page.getByText(`Mail ${mia.name}`).first()).toBeVisible(wait)
})
