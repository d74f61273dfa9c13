import { createHash, randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { type Fixtures, type Person, expect, test } from './fixtures.ts'
import { password } from './person.ts'
import { title, workspaceOf } from './places.ts'
import { stored } from './stored.ts'

// Servers that others keep busy take their time.
test.describe.configure({ timeout: 120_000 })

type Sql = Fixtures['sql']

/** The secret of a new setup link. */
async function setupToken(sql: Sql): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest()
  await sql('insert into setup_tokens (hash) values ($1)', [hash])
  return token
}

const withFactor = (sql: Sql, name: string) =>
  sql(
    `insert into totp_secrets (user_id, secret_enc, confirmed_at)
     select id, '\\x00', now() from users where username = $1`,
    [name],
  )

/** The only one who administers the instance. */
async function administer(sql: Sql, { name }: Person): Promise<void> {
  await sql('update users set is_admin = true where username = $1', [name])
  await sql('update users set is_admin = false where username <> $1 and is_admin', [name])
  await withFactor(sql, name)
}

const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })
async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

test(
  'AU-26: a newcomer becomes the administrator by the setup link, which then counts no more',
  { tag: '@slow' },
  async ({ device, signUp, sql, tolerate }) => {
    tolerate(/40[34]/)
    const [token, other] = [await setupToken(sql), await setupToken(sql)]
    const page = await (await device()).newPage()
    await page.goto(`/setup#token=${token}`)
    // The secret left the address before anything was asked.
    await expect(page).toHaveURL(/\/signin\?to=%2Fsetup$/)
    await page.getByRole('link', { name: 'Create account' }).click()
    const name = `ada-${process.pid}`
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Email').fill(`${name}@example.org`)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('Workspace').fill(`Ada ${process.pid}`)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(title(page)).toHaveText('Administer this server')
    await expect(page).toHaveURL(/\/setup$/)
    expect(await stored(page)).not.toContain(token)
    await isAccessible(page, 'a setup link')

    // Another one that was made up, over the page.
    await page.evaluate('location.hash = "#token=made-up"')
    await expect(page).toHaveURL(/\/setup$/)
    await page.getByRole('button', { name: 'Become the administrator' }).click()
    await expect(page.getByRole('alert')).toContainText('This link was used already')
    await page.evaluate(`location.hash = '#token=${token}'`)
    await page.getByRole('button', { name: 'Become the administrator' }).click()

    await expect(title(page)).toHaveText('Administration')
    await expect(page.getByRole('alert')).toContainText('Administrators need a second factor.')
    await isAccessible(page, 'no second factor yet')
    await page.getByRole('link', { name: 'Security settings' }).click()
    await expect(title(page)).toHaveText('Settings')
    await withFactor(sql, name)
    await page
      .getByRole('navigation', { name: 'Settings' })
      .getByRole('link', { name: 'Administration' })
      .click()
    await expect(page.getByRole('region', { name: 'Figures' })).toBeVisible()

    // The other link went with it, and says so to whoever has it still.
    const late = await signUp('late')
    const answer = await late.page.goto(`/setup#token=${other}`)
    expect(answer?.status()).toBe(404)
    await late.page.getByRole('button', { name: 'Become the administrator' }).click()
    await expect(late.page.getByRole('alert')).toContainText('This link was used already')
  },
)

test(
  'AU-06: whoever an administrator disables is signed out on the page they have open',
  { tag: '@slow' },
  async ({ signUp, invite, sql, tolerate }) => {
    tolerate(/40[0139]/)
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    await administer(sql, ann)
    const { page } = ann
    await page.goto('/admin/users')
    await page.getByLabel('Search by name or email').fill(ben.name)
    const status = page.getByRole('status').filter({ hasText: '1 user shown' })
    await expect(status).toBeVisible()
    await isAccessible(page, 'the users')
    await choose(page, ben.name, 'Disable account')
    const dialog = page.getByRole('dialog', { name: `Disable ${ben.name}?` })
    await expect(dialog).toContainText('signed out everywhere at once')
    await dialog.getByRole('button', { name: 'Disable account' }).click()
    await expect(rowOf(page, ben.name)).toContainText('Disabled')
    await expect(ben.page.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()

    // The only administrator stays one.
    await page.getByLabel('Search by name or email').fill(ann.name)
    await choose(page, ann.name, 'Take administration away')
    await page.getByRole('dialog').getByRole('button', { name: 'Take administration away' }).click()
    await expect(page.getByRole('alert')).toContainText('This is the only administrator')

    await choose(page, ann.name, 'What they did')
    await expect(page.getByLabel('Who')).toHaveText(new RegExp(ann.name))
    await page.getByLabel('What').selectOption('Accounts')
    const newest = page.getByRole('list', { name: 'Audit log' }).getByRole('listitem').first()
    await expect(newest).toContainText(/The account .*ben-.* was disabled\./)
    await expect(newest).toContainText(/By .*ann-/)
    await expect(newest).toContainText('127.0.0.0')
    await isAccessible(page, 'the audit log')

    await page.goto('/admin/workspaces')
    await expect(rowOf(page, 'Acme').first()).toContainText('Owners:')
    await isAccessible(page, 'the workspaces')

    await page.goto('/admin/users')
    await choose(page, ben.name, 'Enable account')
    await expect(rowOf(page, ben.name)).toContainText('Active')
    await sql('update users set is_admin = true where username = $1', [ben.name])
    await sql('update users set is_admin = false where username = $1', [ann.name])
    await expect(title(page)).toHaveText('Not found')
  },
)

test(
  'who may sign up is changed by whoever proves who they are, and the sign-up page says so',
  { tag: '@slow' },
  async ({ signUp, device, sql, tolerate }) => {
    tolerate(/403/)
    const ann = await signUp('ann')
    await administer(sql, ann)
    await sql(`update sessions set confirmed_at = now() - interval '6 minutes'`)
    const { page } = ann
    await page.goto('/admin')
    await expect(page.getByText('Active in the last 24 hours')).toBeVisible()
    await isAccessible(page, 'the overview')
    const choice = page.getByRole('group', { name: 'Who may sign up' })
    await expect(choice.getByLabel('As the settings say: Everybody')).toBeChecked()
    await choice.getByLabel('Nobody').check()
    await page.getByRole('button', { name: 'Save' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await expect(page.getByText('Saved.')).toBeVisible()
    expect(await sql('select signup from instance_policy')).toEqual([{ signup: 'closed' }])

    const newcomer = await (await device()).newPage()
    await newcomer.goto('/signup')
    await expect(newcomer.getByRole('alert')).toContainText('New accounts are not open here.')
    await page.goto('/admin/audit')
    await expect(
      page.getByText('Who may sign up was changed: Nobody.', { exact: true }),
    ).toBeVisible()

    await page.goto('/admin')
    const rule = page.getByRole('form', { name: 'Second factor' })
    const saveRule = rule.getByRole('button', { name: 'Save' })
    await expect(rule.getByLabel('As each likes')).toBeChecked()
    const required = () => sql('select requires_second_factor as it from instance_policy')
    await rule.getByLabel('Required of everybody').check()
    await saveRule.click()
    await expect.poll(required).toEqual([{ it: true }])
    await page.reload()
    await expect(rule.getByLabel('Required of everybody')).toBeChecked()
    await rule.getByLabel('As each likes').check()
    await saveRule.click()
    await expect.poll(required).toEqual([{ it: false }])
    await page.goto('/admin/audit')
    await expect(page.getByText('A second factor is required: the whole server.')).toBeVisible()

    await page.goto('/admin')
    await choice.getByLabel('As the settings say').check()
    await page.getByRole('button', { name: 'Save' }).first().click()
    await expect(page.getByText('Saved.')).toBeVisible()
  },
)

test('the owners of a workspace read its audit log, and nobody else finds it', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  const { page } = ann
  await page.getByRole('button', { name: /^Acme/ }).click()
  await page.getByRole('menuitem', { name: 'Workspace settings' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Audit log' }).click()
  await expect(title(page)).toHaveText(/^Audit log of Acme/)
  const list = page.getByRole('list', { name: 'Audit log' })
  await expect(list.getByText(/ben-.* joined the workspace .*Acme/)).toBeVisible()
  await isAccessible(page, 'the audit log of a workspace')

  const client = await clientOf(ann)
  for (let invites = 0; invites < 55; invites++)
    await client.createInvite({ params: { id: workspaceOf(page) }, body: {} })
  await page.getByLabel('What').selectOption('Invites')
  const rows = list.getByRole('listitem')
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  // Two were there before. Who listens goes on with the first of those that are new.
  await expect(rows).toHaveCount(57)
  await expect(rows.nth(50)).toBeFocused()
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)

  await ben.page.goto(new URL(page.url()).pathname)
  await expect(title(ben.page)).toHaveText('Not found')
  await ben.page.goto('/admin/users')
  await expect(title(ben.page)).toHaveText('Not found')
})
