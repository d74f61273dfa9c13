import { createClient } from '@parley/sdk'
import { type Page, expect } from '@playwright/test'
import type { Person } from './fixtures.ts'

export const title = (page: Page) => page.getByRole('heading', { level: 1 })
export const row = (page: Page, name: string) =>
  page.getByRole('complementary', { name: 'Channels' }).getByRole('link', { name })

export async function chooseFrom(page: Page, menu: string | RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: typeof menu === 'string' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

export async function createChannel(page: Page, name: string, isPrivate = false): Promise<void> {
  await chooseFrom(page, 'Add a channel', 'Create channel')
  const dialog = page.getByRole('dialog', { name: 'Create channel' })
  await dialog.getByLabel('Channel name').fill(name)
  if (isPrivate) await dialog.getByLabel('Private').check()
  await dialog.getByRole('button', { name: 'Create channel' }).click()
  await expect(title(page)).toHaveText(`#${name}`)
}

/** The link that the menu of the workspace gives. */
export async function inviteLink(page: Page): Promise<string> {
  await chooseFrom(page, /^Acme/, 'Invite people')
  const dialog = page.getByRole('dialog')
  const link = await dialog.getByLabel('Invite link to copy').inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return link
}

/** Joins by the dialog that asks for a link, and ends in #general of that workspace. */
export async function joinBy(page: Page, link: string): Promise<void> {
  await chooseFrom(page, /^Acme/, 'Create or join a workspace')
  await page.getByRole('dialog').getByLabel('Invite link').fill(link)
  await page.getByRole('button', { name: 'Join by link' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(title(page)).toHaveText('#general')
}

/** What the person can do without the page: another session. */
export async function apiOf(url: string, { name }: Person) {
  const client = createClient({ url })
  await client.signIn({
    body: { email: `${name}@example.org`, password: 'correct horse battery staple' },
  })
  return client
}

export const workspaceOf = (page: Page): number =>
  Number(/\/w\/(\d+)/.exec(page.url())?.[1] ?? Number.NaN)
