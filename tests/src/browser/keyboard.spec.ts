import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { apiOf, row, title, workspaceOf } from './places.ts'

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}
const switcher = (page: Page) => page.getByRole('combobox', { name: 'Jump to…' })
const composer = (page: Page) => page.getByRole('textbox', { name: /^Message / })

/** Tabs until the element has the focus. */
async function tabTo(page: Page, name: string, role: 'button' | 'link' = 'button') {
  const wanted = page.getByRole(role, { name, exact: true })
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}

test('all is done by keys', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('One')
  await press(page, 'Enter')
  await expect(page.getByRole('article')).toHaveCount(1)

  // Create a channel by the menu beside the section.
  await press(page, 'F6')
  await tabTo(page, 'Add a channel')
  await press(page, 'Enter')
  await expect(page.getByRole('menuitem', { name: 'Create channel' })).toBeFocused()
  await press(page, 'ArrowDown', 'ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Create channel' })).toBeFocused()
  await press(page, 'Escape')
  await expect(page.getByRole('button', { name: 'Add a channel' })).toBeFocused()
  await press(page, 'ArrowDown', 'Enter')
  await expect(page.getByLabel('Channel name')).toBeFocused()
  await page.keyboard.type('design')
  await press(page, 'Enter')
  await expect(title(page)).toHaveText('#design')
  await expect(composer(page)).toBeFocused()

  // Invite: the dialog gives the focus back to where it was.
  await press(page, 'Control+k')
  await expect(switcher(page)).toBeFocused()
  await page.keyboard.type('>invite')
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: /^Invite people to/ })
  await expect(dialog.getByLabel('Invite link to copy')).toBeVisible()
  await press(page, 'Escape')
  await expect(dialog).toHaveCount(0)
  await expect(composer(page)).toBeFocused()

  // Settings and back.
  await press(page, 'Control+k')
  await expect(switcher(page)).toBeFocused()
  await page.keyboard.type('>appear')
  await press(page, 'Enter')
  await expect(title(page)).toHaveText('Settings')
  await press(page, 'Alt+ArrowDown')
  await expect(page.getByRole('textbox', { name: 'Message #design' })).toBeVisible()

  await press(page, 'Control+k')
  await expect(switcher(page)).toBeFocused()
  await page.keyboard.type('>sign out')
  await press(page, 'Enter')
  await expect(page).toHaveURL(/\/signin/)
})

test('F6 goes round the regions, and the skip link leads to the message box', async ({
  signUp,
}) => {
  const { page } = await signUp('ann')
  const inside = (region: string) => page.locator(`[data-region="${region}"]:focus-within`)
  await expect(composer(page)).toBeFocused()
  await page.getByRole('button', { name: 'Members' }).click()
  await expect(page.getByRole('complementary', { name: 'Members' })).toBeVisible()
  await composer(page).focus()
  for (const region of ['panel', 'channels', 'messages', 'composer']) {
    await press(page, 'F6')
    await expect(inside(region)).toHaveCount(1)
  }
  await press(page, 'Shift+F6')
  await expect(inside('messages')).toHaveCount(1)
  await expect(page.getByRole('status').filter({ hasText: 'Messages' })).toHaveCount(1)

  await page.goto('/settings/account')
  await expect(title(page)).toBeVisible()
  await press(page, 'Tab')
  const skip = page.getByRole('link', { name: 'Skip to message box' })
  await expect(skip).toBeFocused()
  await page.goto('/')
  await expect(composer(page)).toBeFocused()
  await skip.focus()
  await press(page, 'Enter')
  await expect(composer(page)).toBeFocused()
})

test('the switcher opens anywhere, finds, and gives the caret back', async ({ signUp, parley }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const api = await apiOf(parley.url, ann)
  const workspace_id = workspaceOf(page)
  for (const name of ['design', 'Écoute', 'engineering'])
    await api.createChat({ body: { type: 'public_channel', workspace_id, name } })
  await expect(row(page, 'Écoute')).toBeVisible()

  await composer(page).fill('half a sentence')
  await press(page, 'Home', 'ArrowRight', 'ArrowRight', 'Control+k')
  await expect(switcher(page)).toBeFocused()
  await press(page, 'Escape')
  await expect(switcher(page)).toHaveCount(0)
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('X')
  await expect(composer(page)).toHaveValue('haXlf a sentence')
  await composer(page).fill('')

  // It opens over a dialog too, and Esc closes the top one only.
  await press(page, 'Control+/')
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(shortcuts).toBeVisible()
  await press(page, 'Control+k')
  await expect(switcher(page)).toBeFocused()
  await press(page, 'Escape')
  await expect(switcher(page)).toHaveCount(0)
  await expect(shortcuts).toBeVisible()
  await press(page, 'Escape')

  await press(page, 'Control+k')
  await expect(switcher(page)).toBeFocused()
  const options = page.getByRole('listbox', { name: 'Results' }).getByRole('option')
  await page.keyboard.type('ecou')
  await expect(options.first()).toHaveText(/Écoute/)
  await expect(options.first()).toHaveAttribute('aria-selected', 'true')
  const active = await switcher(page).getAttribute('aria-activedescendant')
  await expect(options.first()).toHaveAttribute('id', active ?? '')
  await switcher(page).fill('#')
  await expect(options).toHaveCount(4)
  await press(page, 'ArrowUp')
  await expect(options.last()).toHaveAttribute('aria-selected', 'true')
  await switcher(page).fill('>browse')
  await expect(options).toHaveText([/Browse channels/])
  await switcher(page).fill('dsgn')
  await press(page, 'Enter')
  await expect(title(page)).toHaveText('#design')

  await press(page, 'Control+k')
  await switcher(page).fill('engin')
  await expect(options.first()).toHaveText(/engineering/)
  const opened = page.context().waitForEvent('page')
  await press(page, 'Control+Enter')
  await expect(title(await opened)).toHaveText('#engineering')
})

test('choosing a person makes the chat with them', async ({ signUp, parley }) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob')
  const [mine, theirs] = [await apiOf(parley.url, ann), await apiOf(parley.url, bob)]
  const invite = await mine.createInvite({ params: { id: workspaceOf(ann.page) }, body: {} })
  await theirs.acceptInvite({ params: { code: invite.code } })
  await press(ann.page, 'Control+k')
  await switcher(ann.page).fill(`@${bob.name}`)
  await expect(ann.page.getByRole('option', { name: bob.name })).toBeVisible()
  await press(ann.page, 'Enter')
  await expect(title(ann.page)).toHaveText(bob.name)
  await expect(composer(ann.page)).toBeFocused()
})

test('Alt and arrows go through the channels, with Shift through the unread ones', async ({
  signUp,
  parley,
}) => {
  const ann = await signUp('ann')
  const bob = await signUp('bob')
  const { page } = ann
  const [mine, theirs] = [await apiOf(parley.url, ann), await apiOf(parley.url, bob)]
  const workspace_id = workspaceOf(page)
  const invite = await mine.createInvite({ params: { id: workspace_id }, body: {} })
  await theirs.acceptInvite({ params: { code: invite.code } })
  const chats = []
  for (const name of ['alpha', 'beta', 'zulu'])
    chats.push(await mine.createChat({ body: { type: 'public_channel', workspace_id, name } }))
  await expect(row(page, 'zulu')).toBeVisible()
  const zulu = chats[2]?.id ?? 0
  await theirs.joinChat({ params: { id: zulu } })
  await theirs.sendMessage({ params: { id: zulu }, body: { content: 'News' } })
  await expect(row(page, 'zulu')).toContainText('unread')

  await expect(composer(page)).toBeFocused()
  await press(page, 'Alt+ArrowUp')
  await expect(title(page)).toHaveText('#beta')
  await press(page, 'Alt+ArrowUp', 'Alt+ArrowUp')
  await expect(title(page)).toHaveText('#zulu')
  await press(page, 'Alt+ArrowDown')
  await expect(title(page)).toHaveText('#alpha')
  await theirs.sendMessage({ params: { id: zulu }, body: { content: 'More news' } })
  await expect(row(page, 'zulu')).toContainText('unread')
  await press(page, 'Alt+Shift+ArrowDown')
  await expect(title(page)).toHaveText('#zulu')
})

test('the sidebar is hidden, and its width changed, by keys', async ({ signUp }) => {
  const { page } = await signUp('ann')
  const side = page.getByRole('complementary', { name: 'Channels' })
  const handle = page.getByRole('separator', { name: 'Sidebar width' })
  await handle.focus()
  await press(page, 'ArrowRight')
  await expect(handle).toHaveAttribute('aria-valuenow', '280')
  await press(page, 'End', 'ArrowRight')
  await expect(handle).toHaveAttribute('aria-valuenow', '400')
  await page.reload()
  await expect(handle).toHaveAttribute('aria-valuenow', '400')
  await press(page, 'Control+Shift+D')
  await expect(side).toBeHidden()
  await press(page, 'Control+Shift+D')
  await expect(side).toBeVisible()
})
