import { createClient } from '@parley/sdk'
import { isAccessible } from './a11y-checks.ts'
import { expect, test } from './fixtures.ts'
import { password } from './person.ts'

const fresh = 'a password nobody thinks of'

test('one sees where one is signed in, and signs out there', async ({
  signUp,
  signIn,
  tolerate,
}) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  const other = await signIn(ann)
  const { page } = ann
  await page.goto('/settings/security')
  const devices = page.getByRole('region', { name: 'Where you are signed in' })
  const rows = devices.getByRole('listitem')
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: 'This device' })).toHaveCount(1)
  await expect(rows.first()).toContainText(/Chrome on (Linux|macOS|Windows)/)
  await isAccessible(page, 'where one is signed in')
  await rows.getByRole('button', { name: /^Sign out/ }).click()
  await expect(rows).toHaveCount(1)
  await expect(devices.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0)
  // The other browser is told at once.
  await expect(other.page.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()
})

test(
  'a new password keeps one here, in all tabs, and ends what is elsewhere',
  { tag: '@slow' },
  async ({ signUp, signIn, sql, parley, tolerate }) => {
    tolerate(/40[13]/)
    const ann = await signUp('ann')
    const other = await signIn(ann)
    const tab = await ann.tab()
    const { page } = ann
    await page.goto('/settings/security')
    await sql(
      `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
     where user_id = (select id from users where email = $1)`,
      [ann.email],
    )
    const form = page.getByRole('form', { name: 'Password' })
    await form.getByLabel('New password').fill(fresh)
    await form.getByRole('button', { name: 'Change password' }).click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await expect(dialog).toBeVisible()
    await isAccessible(page, 'proving who one is')
    await dialog.getByLabel('Password', { exact: true }).fill('not this one')
    await page.keyboard.press('Enter')
    await expect(dialog.getByText('The password is wrong.')).toBeVisible()
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await expect(page.getByText('Your password is changed.')).toBeVisible()
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('listitem').filter({ hasText: 'This device' })).toHaveCount(1)
    await expect(other.page.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()

    // The stream of this browser went on with the new session.
    await tab.send('Still here')
    await expect(tab.page.getByRole('article')).toContainText('Still here')
    await page.goto(tab.page.url())
    await expect(page.getByRole('article')).toContainText('Still here')
    await ann.send('And here')
    await expect(tab.page.getByRole('article').last()).toContainText('And here')
    await expect(page.getByRole('dialog')).toHaveCount(0)

    const client = createClient({ url: parley.url })
    await client.signIn({ body: { email: ann.email, password: fresh } })
  },
)

test('a password that is too short is said so, and who does not prove themselves changes nothing', async ({
  signUp,
  sql,
  parley,
  tolerate,
}) => {
  tolerate(/403/)
  const ann = await signUp('ann')
  const { page } = ann
  await page.goto('/settings/security')
  const form = page.getByRole('form', { name: 'Password' })
  await form.getByLabel('New password').fill('short')
  await form.getByRole('button', { name: 'Change password' }).click()
  await expect(form.getByText('Too short.')).toBeVisible()
  await expect(form.getByLabel('New password')).toBeFocused()
  await sql(
    `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
     where user_id = (select id from users where email = $1)`,
    [ann.email],
  )
  await form.getByLabel('New password').fill(fresh)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(form.getByLabel('New password')).toHaveValue(fresh)
  await createClient({ url: parley.url }).signIn({ body: { email: ann.email, password } })
})
