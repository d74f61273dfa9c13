import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { password, signOut } from './person.ts'

const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in' })

async function fill(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
}

test('a wrong password and an unknown email look the same, and the password is asked again', async ({
  signUp,
  device,
  tolerate,
}) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  const page = await (await device()).newPage()
  await page.goto('/signin')
  for (const email of [ann.email, 'nobody@example.org']) {
    await fill(page, email, 'not this one at all')
    await signInButton(page).click()
    await expect(page.getByRole('alert')).toHaveText('Email or password is wrong.')
    await expect(page.getByLabel('Email')).toHaveValue(email)
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
    const selected = await page.evaluate(() => getSelection()?.toString().length ?? 0)
    expect(selected).toBe('not this one at all'.length)
  }
  await expect(page.getByRole('alert')).toHaveCount(1)
})

test('what is missing is said under each field, and the first of them is focused', async ({
  device,
}) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await page.getByLabel('Email').pressSequentially('ann')
  await expect(page.getByText('This is no email address.')).toHaveCount(0)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('This is no email address.')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Workspace')).toHaveAccessibleDescription(/Fill this in\.$/)
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a double click makes one account, pasted long passwords are whole, and the form goes away', async ({
  device,
}) => {
  const context = await device({ permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const secret = `Grüße ✨ and many spaces ${'x'.repeat(100)}`
  const email = `double-${process.pid}-${Date.now()}@example.org`
  let requests = 0
  await page.route('**/api/signup', async (route) => {
    requests++
    await route.continue()
  })
  await page.goto('/signup')
  await page.getByLabel('Name', { exact: true }).fill(`double-${process.pid}`)
  await page.getByLabel('Email').fill(email)
  await page.evaluate((text) => navigator.clipboard.writeText(text), secret)
  await page.getByLabel('Password', { exact: true }).focus()
  await page.keyboard.press('ControlOrMeta+v')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(secret)
  await page.getByLabel('Workspace').fill(`Double ${process.pid} ${Date.now()}`)
  await page.getByRole('button', { name: 'Create account' }).dblclick()
  await page.waitForURL(/\/w\/\d+\/c\/\d+$/)
  await expect(page.locator('form input[type=password]')).toHaveCount(0)
  expect(requests).toBe(1)
})

test('showing the password keeps the caret and submits nothing; 300 characters are not cut', async ({
  device,
}) => {
  const page = await (await device()).newPage()
  await page.goto('/signin')
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('abcdef')
  await field.press('ArrowLeft')
  await field.press('ArrowLeft')
  const show = page.getByRole('button', { name: 'Show password' })
  await show.click()
  await expect(show).toHaveAttribute('aria-pressed', 'true')
  await expect(field).toHaveAttribute('type', 'text')
  await field.pressSequentially('X')
  await expect(field).toHaveValue('abcdXef')
  await field.fill('p'.repeat(300))
  await page.getByLabel('Email').fill('ann@example.org')
  await signInButton(page).click()
  await expect(field).toHaveAccessibleDescription('At most 256 characters.')
  await expect(page).toHaveURL(/\/signin$/)
})

test('a server that cannot be reached leaves the form as it was', async ({
  signUp,
  device,
  tolerate,
}) => {
  tolerate(/ERR_FAILED/)
  const ann = await signUp('ann')
  const page = await (await device()).newPage()
  await page.goto('/signin')
  await page.route('**/api/signin', (route) => route.abort())
  await fill(page, ann.email, password)
  await signInButton(page).click()
  await expect(page.getByRole('alert')).toHaveText('Can’t reach the server. Try again.')
  await page.unroute('**/api/signin')
  await signInButton(page).click()
  await page.waitForURL(/\/w\//)
})

test('an existing email is told by one alert', async ({ signUp, device, tolerate }) => {
  tolerate(/409/)
  const ann = await signUp('ann')
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await fill(page, ann.email, password)
  await page.getByLabel('Name', { exact: true }).fill(`other-${process.pid}`)
  await page.getByLabel('Workspace').fill(`Other ${process.pid}`)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('alert')).toHaveText(
    'There is an account with this name or email already.',
  )
})

test('a deep link opened signed out is where one comes after signing in', async ({
  signUp,
  device,
}) => {
  const ann = await signUp('ann')
  const path = new URL(ann.page.url()).pathname
  const page = await (await device()).newPage()
  await page.goto(`${path}?from=mail`)
  await expect(page).toHaveURL(/\/signin\?to=/)
  await fill(page, ann.email, password)
  await signInButton(page).click()
  await expect(page).toHaveURL((url) => url.pathname === path && url.search === '?from=mail')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('#general')
})

test(
  'an invite shows where it leads before it asks for an account, and joining is one step',
  { tag: '@slow' },
  async ({ signUp, signIn, invite, device }) => {
    const ann = await signUp('ann', { workspace: `Garden ${process.pid}` })
    const path = await invite(ann)
    const ben = await signUp('ben', { invite: path })
    await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('#general')
    await ben.send('Hello from Ben')
    await expect(ann.page.getByRole('article')).toContainText('Hello from Ben')

    const cas = await signUp('cas')
    await cas.page.goto(path)
    await expect(cas.page.getByText('2 people are there.')).toBeVisible()
    await cas.page.getByRole('button', { name: `Join Garden ${process.pid}` }).click()
    await expect(cas.page.getByRole('article')).toContainText('Hello from Ben')

    const dora = await signUp('dora')
    const page = await (await device()).newPage()
    await page.goto(path)
    await page.getByRole('link', { name: 'I have an account' }).click()
    await expect(page.getByRole('heading')).toHaveText(`Sign in to join Garden ${process.pid}`)
    await fill(page, dora.email, password)
    await signInButton(page).click()
    await expect(page.getByRole('article')).toContainText('Hello from Ben')
    await signIn(ann)
  },
)

test('an invite that is none says so', async ({ device, tolerate }) => {
  tolerate(/404/)
  const page = await (await device()).newPage()
  await page.goto('/i/nothing-like-it')
  await expect(page.getByRole('alert')).toHaveText(/This invite has expired/)
})

test(
  'WB-05: signing out ends all tabs within a second, keeps nothing and shows nothing on Back',
  { tag: '@slow' },
  async ({ signUp }) => {
    const ann = await signUp('ann')
    await ann.send('A secret')
    await expect(ann.page.getByRole('article')).toContainText('A secret')
    const other = await ann.tab()
    await expect(other.page.getByRole('article')).toContainText('A secret')
    // An entry of the history to go back to.
    await ann.page.goto('/')
    await expect(ann.page.getByRole('article')).toContainText('A secret')
    await signOut(ann.page)
    await expect(other.page).toHaveURL(/\/signin$/, { timeout: 1_000 })
    await expect(ann.page).toHaveURL(/\/signin$/)
    await ann.page.goBack()
    await expect(ann.page).toHaveURL(/\/signin/)
    await expect(ann.page.getByText('A secret')).toHaveCount(0)
    const kept = await ann.page.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map(({ name }) => name),
    ])
    expect(kept).toEqual([])
    // What only says that this is no stranger’s browser stays, out of reach of scripts.
    const cookies = await ann.context.cookies()
    expect(cookies).toMatchObject([{ name: 'parley_device', httpOnly: true, sameSite: 'Strict' }])
  },
)

test('a session that was ended elsewhere is renewed over the page, which stays as it is', async ({
  signUp,
  sql,
  tolerate,
}) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  await ann.send('Before')
  await expect(ann.page.getByRole('article')).toContainText('Before')
  const box = ann.page.getByRole('textbox', { name: /^Message / })
  await box.fill('A draft')
  const url = ann.page.url()
  await revokeAll(sql, ann.email)
  const dialog = ann.page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  await expect(dialog.getByLabel('Email')).toHaveValue(ann.email)
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused()
  await ann.page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog).toHaveCount(0)
  expect(ann.page.url()).toBe(url)
  await expect(box).toHaveValue('A draft')
  await box.press('Enter')
  await expect(ann.page.getByRole('article')).toHaveCount(2)
})

test('WB-05: no token is in an address, in web storage or within reach of a script', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  const stored = await ann.page.evaluate(() =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
    ]),
  )
  expect(stored).not.toMatch(/eyJ|token|parley_rt/)
  const [cookie] = await ann.context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true })
  expect(['Lax', 'Strict']).toContain(cookie?.sameSite)
})

test('a reload comes back to the same place without showing the sign-in page', async ({
  signUp,
}) => {
  const ann = await signUp('ann')
  await ann.send('Still here')
  const url = ann.page.url()
  const seen: string[] = []
  ann.page.on('framenavigated', (frame) => seen.push(frame.url()))
  await ann.page.reload()
  await expect(ann.page.getByRole('article')).toContainText('Still here')
  expect(new Set(seen)).toEqual(new Set([url]))
})

type Sql = (statement: string, values?: unknown[]) => Promise<unknown>

/** As a sign-out on all devices does, with the servers told. */
const revokeAll = (sql: Sql, email: string): Promise<unknown> =>
  sql(
    `update sessions set revoked_at = now() where user_id = (select id from users where email = $1)`,
    [email],
  )
