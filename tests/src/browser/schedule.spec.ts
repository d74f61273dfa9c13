import type { Page } from '@playwright/test'
import { reader } from './chromium.ts'
import { expect, test } from './fixtures.ts'

const hour = 3_600_000
const clockTime = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: reader.timezoneId }).format(ms)

const hours = (page: Page) => page.getByRole('form', { name: 'Quiet hours' })
const disturbed = (page: Page) =>
  page.getByRole('group', { name: 'Do not disturb' }).getByRole('status')

test(
  'quiet hours hold on all devices, others see them, and one of them is ended by hand',
  { tag: '@slow' },
  async ({ signUp, signIn, invite, clientOf }) => {
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    const phone = await signIn(ann)
    const { me } = await (await clientOf(ann)).getBootstrap()
    await (await clientOf(ben)).createChat({ body: { type: 'single', user_id: me.id } })
    const row = (said: string) =>
      ben.page.getByRole('link', { name: new RegExp(`^${ann.name} ?, ${said}$`) })
    await expect(row('Online')).toBeVisible()
    for (const { page } of [ann, phone]) await page.goto('/settings/notifications')

    const now = Date.now()
    const [from, to] = [clockTime(now - hour), clockTime(now + hour)]
    const form = hours(ann.page)
    await expect(form).toContainText(reader.timezoneId)
    await form.getByLabel('From').fill(from)
    await form.getByLabel('To').fill(to)
    await form.getByRole('button', { name: 'Save quiet hours' }).click()
    await expect(ann.page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
    for (const { page } of [ann, phone])
      await expect(disturbed(page)).toHaveText(
        new RegExp(`^Do not disturb until .*:${to.slice(3)} [AP]M.$`),
      )
    await expect(row('Do not disturb')).toBeVisible()

    await phone.page.getByRole('button', { name: 'Turn off', exact: true }).click()
    for (const { page } of [ann, phone]) await expect(disturbed(page)).toHaveText('')
    await expect(row('Online')).toBeVisible()

    // They are there for the next time, until they are turned off.
    await phone.page.reload()
    await expect(hours(phone.page).getByLabel('From')).toHaveValue(from)
    await expect(hours(phone.page).getByLabel('To')).toHaveValue(to)
    await hours(phone.page).getByRole('button', { name: 'Turn off quiet hours' }).click()
    await expect(
      hours(phone.page).getByRole('button', { name: 'Turn off quiet hours' }),
    ).toHaveCount(0)
    await phone.page.reload()
    await expect(hours(phone.page).getByLabel('From')).toHaveValue('22:00')
  },
)

test(
  'a page learns of quiet hours as they begin, and as they end',
  { tag: '@slow' },
  async ({ signUp, clientOf, sql }) => {
    const ann = await signUp('ann')
    const client = await clientOf(ann)
    const { me } = await client.getBootstrap()
    await ann.page.goto('/settings/notifications')
    await expect(hours(ann.page)).toBeVisible()
    const times = { from_time: '01:00', to_time: '02:00', weekdays: [0, 1, 2, 3, 4, 5, 6] }
    await client.setMyPresence({ body: { dnd_schedule: { ...times, time_zone: 'Etc/UTC' } } })
    // To the second, as no form has it.
    await sql(
      `update dnd_schedules
     set from_time = (clock_timestamp() + interval '3 seconds') at time zone 'Etc/UTC',
       to_time = (clock_timestamp() + interval '6 seconds') at time zone 'Etc/UTC'
     where user_id = $1`,
      [me.id],
    )
    // It ends nothing, and tells the servers to look.
    await client.setMyPresence({ body: { dnd: false } })
    await expect(disturbed(ann.page)).toHaveText('')
    await expect(disturbed(ann.page)).toHaveText(/^Do not disturb until /)
    await expect(disturbed(ann.page)).toHaveText('')
  },
)

test('quiet hours begin on the days that were chosen, at least one, and have a length', async ({
  signUp,
  clientOf,
}) => {
  const ann = await signUp('ann')
  const client = await clientOf(ann)
  await ann.page.goto('/settings/notifications')
  const form = hours(ann.page)
  const save = () => form.getByRole('button', { name: 'Save quiet hours' }).click()
  const names = form.getByRole('group', { name: 'Beginning on' }).getByRole('checkbox')
  await expect(names).toHaveCount(7)
  await form.getByLabel('To').fill('22:00')
  await save()
  await expect(form.getByRole('alert')).toHaveText('Choose two different times.')
  await form.getByLabel('To').fill('06:30')
  await expect(form.getByRole('alert')).toHaveCount(0)
  for (const name of await names.all()) await name.uncheck()
  await save()
  await expect(form.getByRole('alert')).toHaveText('Choose at least one day.')
  expect((await client.getMyPresence()).dnd_schedule).toBe(null)
  await form.getByRole('checkbox', { name: 'Sunday' }).check()
  await form.getByRole('checkbox', { name: 'Tuesday' }).check()
  await save()
  await expect
    .poll(async () => (await client.getMyPresence()).dnd_schedule)
    .toEqual({
      from_time: '22:00',
      to_time: '06:30',
      weekdays: [2, 0],
      time_zone: reader.timezoneId,
    })
})
