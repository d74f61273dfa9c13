import { expect, test } from './fixtures.ts'

test('the people of a workspace are found, made admins, and removed from all its channels', async ({
  signUp,
  invite,
}) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  const cleo = await signUp('cleo', { invite: await invite(ann) })
  const { page } = ann
  await page.getByRole('heading', { level: 2 }).getByRole('button').first().click()
  await page.getByRole('menuitem', { name: 'People', exact: true }).click()
  await expect(page).toHaveURL(/\/people$/)
  const rows = page.getByRole('main').getByRole('listitem')
  await expect(rows).toHaveCount(3)
  await page.getByLabel('Filter people').fill('BÉN')
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText(ben.name)

  const act = async (name: string, what: string) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  await act(ben.name, 'Make admin')
  await expect(rows).toContainText('Admin')
  await page.getByLabel('Filter people').fill('')
  await act(cleo.name, 'Remove')
  const sure = page.getByRole('dialog')
  await expect(sure).toContainText(cleo.name)
  await sure.getByRole('button', { name: 'Remove' }).click()
  await expect(rows).toHaveCount(2)
  await expect(cleo.page.getByRole('textbox', { name: /^Message / })).toHaveCount(0)

  // An admin sees it too, and may not remove the owner.
  await ben.page.goto(page.url())
  await expect(ben.page.getByRole('main').getByRole('listitem')).toHaveCount(2)
  await ben.page.getByRole('button', { name: `Actions for ${ann.name}` }).click()
  await expect(ben.page.getByRole('menuitem')).toHaveText([`Message ${ann.name}`])
})
