import { stat } from 'node:fs/promises'
import { isAccessible } from './a11y-checks.ts'
import { expect, test } from './fixtures.ts'
import { password } from './person.ts'

test('one takes one’s data with one, having proved who one is', async ({
  signUp,
  sql,
  tolerate,
}) => {
  tolerate(/403/)
  const ann = await signUp('ann')
  const { page } = ann
  await sql(
    `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
     where user_id = (select id from users where email = $1)`,
    [ann.email],
  )
  await page.goto('/settings/security')
  const section = page.getByRole('region', { name: 'Take your data with you' })
  await section.getByRole('button', { name: 'Ask for your data' }).click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await expect(section.getByText(/You can download it here until/)).toBeVisible()
  await isAccessible(page, 'one’s data, to be had')

  const coming = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Download' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toMatch(/^parley-\d{4}-\d\d-\d\d\.zip$/)
  expect((await stat(await download.path())).size).toBeGreaterThan(1000)

  // It is still there when one comes back, and nothing can be asked for.
  await page.reload()
  await expect(section.getByRole('button', { name: 'Download' })).toBeVisible()
  await expect(section.getByRole('button', { name: 'Ask for your data' })).toHaveCount(0)
})
