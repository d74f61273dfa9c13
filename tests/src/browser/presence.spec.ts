import { expect, test } from './fixtures.ts'

test('a direct message says whether the other is there, away or not to be disturbed', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  const benElsewhere = await clientOf(ben)
  const { me } = await (await clientOf(ann)).getBootstrap()
  await benElsewhere.createChat({ body: { type: 'single', user_id: me.id } })
  const row = (said: string) =>
    ann.page.getByRole('link', { name: new RegExp(`^${ben.name} ?, ${said}$`) })
  await expect(row('Online')).toBeVisible()

  await ben.page.clock.install()
  await ben.page.reload()
  await expect(ben.page.getByRole('textbox', { name: /^Message / })).toBeVisible()
  // What looks at the clock comes after the first view.
  await expect(async () => {
    await ben.page.clock.fastForward('10:05')
    await expect(row('Away')).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await row('Away').click()
  await expect(ann.page.getByRole('main')).toContainText('Away')
  await ben.page.keyboard.press('Shift')
  await expect(row('Online')).toBeVisible()

  // Set at one device, it holds at all of them.
  await benElsewhere.setMyPresence({ body: { dnd: true, dnd_minutes: 30 } })
  await expect(row('Do not disturb')).toBeVisible()
  await ben.page.getByRole('link', { name: 'Settings' }).click()
  await ben.page.getByRole('link', { name: 'Notifications' }).click()
  const group = ben.page.getByRole('group', { name: 'Do not disturb' })
  await expect(group.getByRole('status')).toHaveText(/^Do not disturb until /)
  await group.getByRole('button', { name: 'Turn off' }).click()
  await expect(row('Online')).toBeVisible()
})

test('the members panel says who is there', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  await ann.page.getByRole('button', { name: 'Members' }).click()
  const panel = ann.page.getByRole('complementary', { name: 'Members' })
  await expect(panel.getByRole('listitem').filter({ hasText: ben.name })).toContainText('Online')
})
