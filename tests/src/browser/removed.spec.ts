import type { Client } from '@parley/sdk'
import { leaveNothing } from './cache.ts'
import { type Person, expect, test } from './fixtures.ts'
import { password } from './person.ts'
import { row, title, workspaceOf } from './places.ts'
import { stored, writeDown } from './stored.ts'

const box = ({ page }: Person) => page.getByRole('textbox', { name: /^Message / })

/** Bob's private channel, with Ann in it, at which she is. */
async function attic(bob: Client, ann: Person, annId: number): Promise<number> {
  const { id } = await bob.createChat({
    body: { type: 'private_channel', name: 'attic', user_ids: [annId] },
  })
  await bob.sendMessage({ params: { id }, body: { content: 'For few' } })
  await ann.open('attic')
  await expect(ann.page.getByRole('article')).toContainText('For few')
  return id
}

test('whoever is removed while writing is told in one line, and may copy what they wrote', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const bob = await signUp('bob')
  const ann = await signUp('ann', { invite: await invite(bob) })
  const [bobs, anns] = [await clientOf(bob), await clientOf(ann)]
  const me = await anns.getMe()
  const id = await attic(bobs, ann, me.id)
  await box(ann).fill('Half a thought')
  await bobs.removeChatMember({ params: { id, user_id: me.id } })
  await expect(row(ann.page, 'attic')).toHaveCount(0, { timeout: 1_000 })
  await expect(ann.page.getByText('You are no longer in #attic, or it was deleted.')).toBeVisible()
  await expect(ann.page.getByText('There is nothing here')).toHaveCount(0)
  const left = ann.page.getByRole('region', { name: /This was not sent/ })
  await expect(left.getByRole('textbox')).toHaveValue('Half a thought')
  await expect(ann.page.getByText('For few')).toHaveCount(0)

  await left.getByRole('button', { name: 'Discard' }).click()
  await expect
    .poll(async () => {
      await writeDown(ann.page)
      return stored(ann.page)
    })
    .not.toMatch(/For few|attic|Half a thought/)
  // The rest is as it was.
  await ann.open('general')
  await ann.send('Still here')
  await expect(ann.page.getByRole('article')).toContainText('Still here')
})

test('who has a lower role now sees at once that it may do less', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const bob = await signUp('bob')
  const ann = await signUp('ann', { invite: await invite(bob) })
  const [bobs, anns] = [await clientOf(bob), await clientOf(ann)]
  const [{ id: user_id }, { workspaces }] = [await anns.getMe(), await bobs.listWorkspaces()]
  const params = { id: workspaces[0]?.id ?? 0, user_id }
  await bobs.updateWorkspaceMember({ params, body: { role: 'admin' } })
  await bob.send('Of Bob')
  const { page } = ann
  const message = page.getByRole('article').filter({ hasText: 'Of Bob' })
  const remove = page.getByRole('toolbar').getByRole('button', { name: 'Delete' })
  await message.hover()
  await expect(remove).toBeVisible()
  await page.getByRole('button', { name: 'Chat settings' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings of general' })
  await expect(settings.getByLabel('Description')).toBeVisible()

  await bobs.updateWorkspaceMember({ params, body: { role: 'member' } })
  await expect(settings.getByLabel('Description')).toHaveCount(0, { timeout: 1_000 })
  await page.keyboard.press('Escape')
  await message.hover()
  await expect(page.getByRole('toolbar')).toBeVisible()
  await expect(remove).toHaveCount(0)
})

test('a workspace that is deleted goes, and one is where there is still something', async ({
  signUp,
  invite,
  clientOf,
}) => {
  const bob = await signUp('bob')
  const ann = await signUp('ann')
  const own = workspaceOf(ann.page)
  const [bobs, anns] = [await clientOf(bob), await clientOf(ann)]
  const code = (await invite(bob)).slice('/i/'.length)
  await anns.acceptInvite({ params: { code } })
  const { pathname } = new URL(bob.page.url())
  await leaveNothing(ann.page)
  await ann.page.goto(pathname)
  await bob.send('Soon gone')
  await expect(ann.page.getByRole('article')).toContainText('Soon gone')
  const rail = ann.page.getByRole('navigation', { name: 'Workspaces' })
  await expect(rail.getByRole('link')).toHaveCount(2)

  await bobs.deleteWorkspace({ params: { id: workspaceOf(bob.page) } })
  await expect(ann.page.getByText('Soon gone')).toHaveCount(0, { timeout: 1_000 })
  await expect(ann.page.getByText('You are no longer in #general, or it was')).toBeVisible()
  await expect(rail).toHaveCount(0)
  await expect
    .poll(async () => {
      await writeDown(ann.page)
      return stored(ann.page)
    })
    .not.toContain('Soon gone')
  await ann.page.getByRole('link', { name: 'Go to the start page' }).click()
  await expect(title(ann.page)).toHaveText('#general')
  expect(workspaceOf(ann.page)).toBe(own)
  await expect(bob.page.getByText('Soon gone')).toHaveCount(0)
})

test('a link to a private channel tells nothing of it', async ({
  signUp,
  invite,
  clientOf,
  tolerate,
}) => {
  tolerate(/404/)
  const bob = await signUp('bob')
  const ann = await signUp('ann', { invite: await invite(bob) })
  const bobs = await clientOf(bob)
  const body = { type: 'private_channel', name: 'takeover', description: 'Of Initech' } as const
  const { id } = await bobs.createChat({ body })
  const message = await bobs.sendMessage({ params: { id }, body: { content: 'Ten million' } })
  const heard: Promise<string>[] = []
  ann.page.on('response', (response) => {
    if (response.url().includes('/api/')) heard.push(response.text().catch(() => ''))
  })
  const base = `/w/${workspaceOf(ann.page)}/c/${id}`
  for (const place of [base, `${base}/m/${message.id}`]) {
    await ann.page.goto(place)
    await expect(title(ann.page)).toHaveText('Not found')
    await expect(ann.page.getByText('There is nothing here, or it is not for you.')).toBeVisible()
    await expect(ann.page).not.toHaveTitle(/takeover/)
  }
  const all = [await ann.page.content(), await stored(ann.page), ...(await Promise.all(heard))]
  expect(all.length).toBeGreaterThan(2)
  expect(all.join('\n')).not.toMatch(/takeover|Initech|Ten million/)
})

test('who signs in after another person’s session ended finds nothing of theirs', async ({
  signUp,
  invite,
  sql,
  tolerate,
}) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  const path = await invite(ann)
  const bob = await signUp('bob', { invite: path })
  const { page } = ann
  await ann.send('Between us')
  await expect(page.getByRole('article')).toContainText('Between us')
  await box(ann).fill('Half a thought')
  await writeDown(page)
  await expect.poll(() => stored(page)).toMatch(/Between us[^]*Half a thought/)
  await sql(
    'update sessions set revoked_at = now() where user_id in (select id from users where email = $1)',
    [ann.email],
  )
  await page.reload()
  await page.waitForURL(/\/signin/)
  // Her own draft waits for her; another one's sign-in ends that.
  await page.getByLabel('Email').fill(bob.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('textbox', { name: 'Message #general' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Message #general' })).toBeEmpty()
  const left = await stored(page)
  expect(left).not.toContain('Half a thought')
  expect(left).not.toContain(ann.email)
})
