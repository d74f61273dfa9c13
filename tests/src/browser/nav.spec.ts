import { leaveNothing } from './cache.ts'
import { expect, test } from './fixtures.ts'
import {
  apiOf,
  chooseFrom,
  createChannel,
  inviteLink,
  joinBy,
  row,
  title,
  workspaceOf,
} from './places.ts'

test('a new person may write at once, and has a link to invite others', async ({ signUp }) => {
  const { page } = await signUp('ann')
  await expect(page.getByRole('textbox', { name: /^Message / })).toBeFocused()
  const line = page.getByRole('region', { name: 'Invite people' })
  await expect(line.getByLabel('Invite link to copy')).toHaveValue(/\/i\/[\w-]+$/)
  await line.getByRole('button', { name: 'Close' }).click()
  await page.reload()
  await expect(title(page)).toHaveText('#general')
  await expect(line).toHaveCount(0)
})

test('that somebody joins moves nothing on the page of who invited them', async ({
  signUp,
  invite,
}) => {
  const ann = await signUp('ann')
  const line = ann.page.getByRole('region', { name: 'Invite people' })
  const list = ann.page.getByRole('group', { name: 'Messages in #general' })
  await expect(line.getByRole('button', { name: 'Copy link' })).toBeVisible()
  const before = await list.boundingBox()
  await signUp('bob', { invite: await invite(ann) })
  await expect(ann.page.getByRole('main')).toContainText('2 members')
  expect(await list.boundingBox()).toEqual(before)
  await createChannel(ann.page, 'design')
  await row(ann.page, 'general').click()
  await expect(title(ann.page)).toHaveText('#general')
  await expect(line).toHaveCount(0)
})

test('a channel is created where its name is free, and opened', async ({ signUp }) => {
  const { page } = await signUp('ann')
  await chooseFrom(page, 'Add a channel', 'Create channel')
  const dialog = page.getByRole('dialog', { name: 'Create channel' })
  const name = dialog.getByLabel('Channel name')
  await expect(name).toBeFocused()
  await name.fill('GENERAL')
  await expect(dialog).toContainText('There is a channel with this name already.')
  await name.fill('x'.repeat(65))
  await expect(dialog).toContainText('Use at most 64 characters.')
  await name.fill('design')
  await name.press('Enter')
  await expect(title(page)).toHaveText('#design')
  await expect(row(page, 'design')).toHaveAttribute('aria-current', 'page')
})

test('somebody who follows an invite link joins, and both talk', async ({ signUp }) => {
  const [ann, bob] = await Promise.all([signUp('ann'), signUp('bob')])
  await joinBy(bob.page, await inviteLink(ann.page))
  await expect(bob.page.getByRole('navigation', { name: 'Workspaces' })).toBeVisible()
  await bob.send('Hello from Bob')
  await expect(ann.page.getByRole('article')).toContainText('Hello from Bob')
  await chooseFrom(bob.page, /^Acme/, 'Settings')
  // Only owners and admins invite: for others the item is not there.
  await row(bob.page, 'general').click()
  await bob.page.getByRole('button', { name: /^Acme/ }).click()
  await expect(bob.page.getByRole('menuitem', { name: 'Workspace settings' })).toBeVisible()
  await expect(bob.page.getByRole('menuitem', { name: 'Invite people' })).toHaveCount(0)
})

test('channels are browsed, looked at and joined on the same page', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob', { invite: await invite(ann) })
  await createChannel(ann.page, 'design')
  await ann.send('Only for designers')
  await createChannel(ann.page, 'secret', true)

  await chooseFrom(bob.page, 'Add a channel', 'Browse channels')
  await expect(title(bob.page)).toHaveText('Browse channels')
  const list = bob.page.getByRole('main').getByRole('list', { name: 'Channels' })
  await expect(list.getByRole('listitem')).toHaveText([/#design/, /#general/])
  await bob.page.getByLabel('Filter channels').fill('DÉS')
  await expect(list.getByRole('listitem')).toHaveText([/#design/])

  await list.getByRole('link', { name: 'Preview #design' }).click()
  await expect(bob.page.getByRole('article')).toContainText('Only for designers')
  await expect(bob.page.getByRole('article')).toContainText(ann.name)
  await expect(bob.page.getByText('You are looking at #design.')).toBeVisible()
  await expect(bob.page.getByRole('textbox', { name: /^Message / })).toHaveCount(0)
  await bob.page.goBack()

  await list.getByRole('button', { name: 'Join #design' }).click()
  await expect(list.getByRole('listitem').first()).toContainText('2 members')
  await expect(bob.page).toHaveURL(/\/browse$/)
  await expect(list.getByRole('link', { name: 'Open #design' })).toBeFocused()
  await row(bob.page, 'design').click()
  await expect(bob.page.getByRole('textbox', { name: 'Message #design' })).toBeVisible()
})

test('what came while one only looked at a channel is there after joining it', async ({
  signUp,
  invite,
}) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob', { invite: await invite(ann) })
  await createChannel(ann.page, 'design')
  await ann.send('Before')
  await chooseFrom(bob.page, 'Add a channel', 'Browse channels')
  await bob.page.getByRole('link', { name: 'Preview #design' }).click()
  const rows = bob.page.getByRole('article').locator('p')
  await expect(rows).toHaveText(['Before'])
  await ann.send('Meanwhile')
  await expect(ann.page.getByRole('article')).toHaveCount(2)
  await bob.page.getByRole('button', { name: 'Join channel' }).click()
  await expect(rows).toHaveText(['Before', 'Meanwhile'])
  await ann.send('After')
  await expect(rows).toHaveText(['Before', 'Meanwhile', 'After'])
})

test('one person makes a direct message, more make a group', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const path = await invite(ann)
  const [bob, eve] = await Promise.all([
    signUp('bob', { invite: path }),
    signUp('eve', { invite: path }),
  ])
  const { page } = ann
  const pick = async (name: string) => {
    const field = page.getByRole('combobox', { name: 'To' })
    await field.fill(name)
    await expect(page.getByRole('option', { name })).toBeVisible()
    await field.press('Enter')
  }
  await page.getByRole('button', { name: 'New message' }).click()
  await pick(bob.name)
  await page.getByRole('button', { name: 'Start chat' }).click()
  await expect(title(page)).toHaveText(bob.name)
  await ann.send('psst')
  await expect(row(bob.page, ann.name)).toContainText('1 unread message')

  await page.getByRole('button', { name: 'New message' }).click()
  await pick(bob.name)
  await pick(eve.name)
  await page.getByLabel('Group name').fill('Lunch')
  await page.getByRole('button', { name: 'Start chat' }).click()
  await expect(title(page)).toHaveText('Lunch')
  await expect(row(eve.page, 'Lunch')).toBeVisible()
  // A person's own address leads to the chat there is.
  const user = (await (await apiOf(new URL(page.url()).origin, bob)).getMe()).id
  await page.goto(`/w/${workspaceOf(page)}/dm/${user}`)
  await expect(title(page)).toHaveText(bob.name)
  await expect(page.getByRole('article')).toContainText('psst')
})

test('a channel is renamed, muted, made private and deleted', async ({ signUp }) => {
  const { page } = await signUp('ann')
  await createChannel(page, 'design')
  const settings = async () => {
    await page.getByRole('button', { name: 'Chat settings' }).click()
    return page.getByRole('dialog', { name: /^Settings of/ })
  }
  let dialog = await settings()
  await dialog.getByLabel('Channel name').fill('art')
  await dialog.getByLabel('Description').fill('Lines and colours')
  await dialog.getByLabel('Private').check()
  await dialog.getByLabel('Messages since they joined').check()
  await dialog.getByLabel('Nothing (muted)').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(title(page)).toHaveText('#art')
  await expect(page.getByRole('banner').or(page.getByRole('main'))).toContainText([
    'Lines and colours',
  ])
  await expect(row(page, 'art')).toContainText('muted')
  await expect(page.getByRole('button', { name: 'Chat settings' })).toBeFocused()

  dialog = await settings()
  await dialog.getByRole('button', { name: 'Delete channel' }).click()
  const question = page.getByRole('dialog', { name: 'Delete art?' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await question.getByRole('button', { name: 'Delete' }).click()
  await expect(title(page)).toHaveText('#general')
  await expect(row(page, 'art')).toHaveCount(0)
})

test('members are listed, made admins and removed by who may', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob', { invite: await invite(ann) })
  await createChannel(ann.page, 'design', true)
  const { page } = ann
  await page.getByRole('button', { name: 'Members' }).click()
  const panel = page.getByRole('complementary', { name: 'Members' })
  await panel.getByRole('button', { name: 'Add people' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add people' })
  await dialog.getByRole('combobox').fill(bob.name)
  await dialog.getByRole('option', { name: bob.name }).click()
  await dialog.getByRole('button', { name: 'Add people' }).click()
  await expect(panel.getByRole('listitem')).toHaveCount(2)
  await row(bob.page, 'design').click()
  await bob.page.getByRole('button', { name: 'Members' }).click()
  const theirs = bob.page.getByRole('complementary', { name: 'Members' })
  await expect(theirs.getByRole('listitem').filter({ hasText: ann.name })).toContainText('Owner')

  await chooseFrom(page, `Actions for ${bob.name}`, 'Make admin')
  await expect(theirs.getByRole('listitem').filter({ hasText: bob.name })).toContainText('Admin')
  await chooseFrom(page, `Actions for ${bob.name}`, 'Remove')
  await expect(panel.getByRole('listitem')).toHaveCount(1)
  await expect(row(bob.page, 'design')).toHaveCount(0)
  await expect(title(bob.page)).toHaveText('Not found')
})

test('sections collapse and stay so, but what is unread shows', async ({ signUp, invite }) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob', { invite: await invite(ann) })
  await createChannel(ann.page, 'design')
  const section = ann.page.getByRole('button', { name: 'Channels', exact: true })
  await section.click()
  await expect(section).toHaveAttribute('aria-expanded', 'false')
  await expect(row(ann.page, 'design')).toBeVisible()
  await expect(row(ann.page, 'general')).toHaveCount(0)
  await bob.send('Anybody here?')
  await expect(row(ann.page, 'general')).toContainText('unread')
  await ann.page.reload()
  await expect(section).toHaveAttribute('aria-expanded', 'false')
})

test(
  'hundreds of channels are not all on the page, and the one that is open is in sight',
  { tag: '@slow' },
  async ({ signUp, parley }) => {
    const ann = await signUp('ann')
    const api = await apiOf(parley.url, ann)
    const workspace_id = workspaceOf(ann.page)
    const place = ann.page.url()
    // Where one looks on, each new one moves those below it.
    await leaveNothing(ann.page)
    const names = Array.from({ length: 260 }, (_, i) => `channel ${String(i).padStart(3, '0')}`)
    for (let i = 0; i < names.length; i += 20)
      await Promise.all(
        names
          .slice(i, i + 20)
          .map((name) => api.createChat({ body: { type: 'public_channel', workspace_id, name } })),
      )
    await ann.page.goto(place)
    const rows = ann.page
      .getByRole('complementary', { name: 'Channels' })
      .getByRole('list', { name: 'Channels' })
      .getByRole('listitem')
    await expect(rows.first()).toHaveAttribute('aria-setsize', '261')
    expect(await rows.count()).toBeLessThan(80)
    await ann.page.keyboard.press('Control+k')
    await ann.page.getByRole('combobox', { name: 'Jump to…' }).fill('250')
    await ann.page.keyboard.press('Enter')
    await expect(title(ann.page)).toHaveText('#channel 250')
    await expect(row(ann.page, 'channel 250')).toBeInViewport()
  },
)

test('places that are not there, or not yours, say the same', async ({ signUp, tolerate }) => {
  tolerate(/404/)
  const [ann, bob] = await Promise.all([signUp('ann'), signUp('bob')])
  const theirs = new URL(bob.page.url()).pathname
  for (const place of [
    theirs,
    `/w/${workspaceOf(ann.page)}/c/999999`,
    `/w/${workspaceOf(ann.page)}/dm/999999`,
    '/w/999999/browse',
    '/w/999999',
    `/w/${workspaceOf(ann.page)}/nothing`,
    '/settings/nothing',
  ]) {
    await ann.page.goto(place)
    await expect(title(ann.page)).toHaveText('Not found')
    await expect(ann.page.getByRole('main')).toContainText(
      'There is nothing here, or it is not for you.',
    )
  }
  await ann.page.getByRole('link', { name: 'Go to the start page' }).click()
  await expect(title(ann.page)).toHaveText('#general')
})

test('the look is chosen, at once and for good', async ({ signUp }) => {
  const { page } = await signUp('ann')
  const root = page.locator('html')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Appearance' }).click()
  await page.getByLabel('Light').check()
  await page.getByLabel('Compact').check()
  await page.getByLabel('Text size').fill('18')
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(root).toHaveAttribute('data-theme', 'light')
  await expect(root).toHaveAttribute('data-density', 'compact')
  await expect(root).toHaveCSS('font-size', '19.2px')
  await expect(page.locator('meta[name="theme-color"]')).toHaveAttribute('content', /^#fff/)
  await page.getByLabel('Deutsch').check()
  await expect(title(page)).toHaveText('Einstellungen')
  await expect(root).toHaveAttribute('lang', 'de')
})

test('a new name is shown everywhere, and signing out forgets', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  await page.goto('/settings/account')
  await page.getByLabel('Name', { exact: true }).fill(`${ann.name}.2`)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await expect(
    page.getByRole('contentinfo').or(page.getByRole('complementary')).first(),
  ).toContainText(`${ann.name}.2`)
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/signin/)
  await page.goto('/settings/account')
  await expect(page).toHaveURL(/\/signin/)
})

test('Arabic mirrors the layout', async ({ signUp }) => {
  const { page } = await signUp('ann')
  await page.goto('/settings/appearance')
  await page.getByLabel('العربية').check()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await page.goto('/')
  await expect(title(page)).toHaveText('#general')
  const [side, main] = await Promise.all([
    page.getByRole('complementary', { name: 'القنوات' }).boundingBox(),
    page.getByRole('main').boundingBox(),
  ])
  expect(side?.x).toBeGreaterThan(main?.x ?? Infinity)
  const handle = page.getByRole('separator')
  await handle.focus()
  await handle.press('ArrowLeft')
  await expect(handle).toHaveAttribute('aria-valuenow', '280')
})

test('a tooltip says what an icon does, to who points at it', async ({ signUp }) => {
  const { page } = await signUp('ann')
  const button = page.getByRole('button', { name: 'Chat settings' })
  const tip = page.getByText('Chat settings', { exact: true })
  await button.hover()
  await expect(tip).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(tip).toHaveCount(0)
  await page.getByRole('button', { name: 'Members' }).hover()
  await expect(page.getByText('Members', { exact: true })).toBeVisible()
})
