import type { Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'
import { apiOf, expectOnce, failedRequests } from './own-messages.ts'

const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })
const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
const list = (page: Page) => page.getByRole('listbox', { name: 'People' })
const active = (page: Page) => page.getByRole('option', { selected: true })

async function chatOf(person: Person): Promise<number> {
  const [, id] = /\/c\/(\d+)/.exec(person.page.url()) ?? []
  return Number(id)
}

/** Where the caret is, as a script of the page can tell. */
const caret = (page: Page) => page.evaluate<number>('document.activeElement.selectionStart')

test('Enter sends and keeps the focus, Shift+Enter breaks the line', async ({ signUp }) => {
  const ann = await signUp('ann')
  const send = ann.page.getByRole('button', { name: 'Send message' })
  await expect(send).toHaveAttribute('aria-disabled', 'true')
  await box(ann.page).pressSequentially('one')
  await expect(send).toHaveAttribute('aria-disabled', 'false')
  await box(ann.page).press('Shift+Enter')
  await box(ann.page).pressSequentially('two')
  await send.click()
  await expect(row(ann.page, 'one').locator('p')).toHaveText('one\ntwo')
  await expect(box(ann.page)).toBeFocused()
  await expect(box(ann.page)).toBeEmpty()
  await box(ann.page).press('Enter')
  await expect(ann.page.getByRole('article')).toHaveCount(1)
})

test('in an open fence Enter breaks the line and Ctrl+Enter sends', async ({ signUp }) => {
  const ann = await signUp('ann')
  await box(ann.page).pressSequentially('```')
  await box(ann.page).press('Enter')
  await box(ann.page).pressSequentially('let a')
  await box(ann.page).press('Enter')
  await expect(box(ann.page)).toHaveValue('```\nlet a\n')
  await box(ann.page).press('Control+Enter')
  await expect(row(ann.page, 'let a')).toBeVisible()
})

test('Ctrl+Enter sends where one chose so, in the settings', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.page.goto('/settings/appearance')
  await ann.page.getByRole('radio', { name: 'Ctrl+Enter' }).check()
  await ann.page.goBack()
  const box = ann.page.getByRole('textbox', { name: /^Message / })
  await box.pressSequentially('one')
  await box.press('Enter')
  await box.pressSequentially('two')
  await expect(box).toHaveValue('one\ntwo')
  await box.press('Control+Enter')
  await expect(ann.page.getByRole('article')).toHaveCount(1)
})

test('an input method keeps its Enter', async ({ signUp }) => {
  const ann = await signUp('ann')
  await box(ann.page).focus()
  const devtools = await ann.page.context().newCDPSession(ann.page)
  const compose = (text: string) =>
    devtools.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  const enter = (windowsVirtualKeyCode: number) =>
    devtools.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      windowsVirtualKeyCode,
    })
  await compose('に')
  await compose('にほん')
  await enter(229)
  await enter(13)
  await expect(box(ann.page)).toHaveValue('にほん')
  await devtools.send('Input.insertText', { text: '日本' })
  await expect(box(ann.page)).toHaveValue('日本')
  await expect(ann.page.getByRole('article')).toHaveCount(0)
  await box(ann.page).press('Enter')
  await expect(row(ann.page, '日本')).toBeVisible()
})

test('a text that is too long is refused, and by how much', async ({ signUp, tolerate }) => {
  // The field grows with what a test puts into it, which the browser does not take for input.
  tolerate(/layout moved/)
  const ann = await signUp('ann')
  await box(ann.page).fill('é'.repeat(8_002))
  await expect(ann.page.getByText('Too long by 2 characters.')).toBeVisible()
  await box(ann.page).press('Enter')
  await expect(ann.page.getByRole('article')).toHaveCount(0)
  await box(ann.page).press('Backspace')
  await box(ann.page).press('Backspace')
  await expect(ann.page.getByText('Too long by')).toHaveCount(0)
  await box(ann.page).press('Enter')
  await expect(row(ann.page, 'ééé')).toBeVisible()
})

test('ArrowUp in the empty box edits the last own message', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('first')
  await ann.send('helo')
  await expectOnce(ann, 'helo')
  await box(ann.page).press('ArrowUp')
  await expect(ann.page.getByText('Editing message')).toBeVisible()
  await expect(box(ann.page)).toHaveValue('helo')
  await box(ann.page).press('Escape')
  await expect(ann.page.getByText('Editing message')).toHaveCount(0)
  await expect(box(ann.page)).toBeEmpty()
  await expect(box(ann.page)).toBeFocused()

  await box(ann.page).press('ArrowUp')
  await box(ann.page).fill('hello')
  await box(ann.page).press('Enter')
  await expect(row(ann.page, 'hello')).toContainText('(edited)')
  await expect(row(ann.page, 'helo')).toHaveCount(0)

  await box(ann.page).press('ArrowUp')
  await box(ann.page).fill('')
  await box(ann.page).press('Enter')
  const dialog = ann.page.getByRole('dialog', { name: 'Delete this message?' })
  await dialog.getByRole('button', { name: 'Delete message' }).click()
  await expect(row(ann.page, 'hello')).toHaveCount(0)
  await expect(ann.page.getByRole('dialog')).toHaveCount(0)
  await expect(box(ann.page)).toBeFocused()
})

test('with text in it, ArrowUp moves the caret only', async ({ signUp }) => {
  const ann = await signUp('ann')
  await ann.send('first')
  await expectOnce(ann, 'first')
  await box(ann.page).fill('draft')
  await box(ann.page).press('ArrowUp')
  await expect(ann.page.getByText('Editing message')).toHaveCount(0)
})

test('drafts of each chat survive other chats, a reload and a new sign-in, with the caret', async ({
  signUp,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { name, page } = ann
  const client = await apiOf(ann)
  await client.createChat({ body: { type: 'public_channel', name: 'lunch' } })
  await box(page).fill('half a thought')
  for (let n = 0; n < 5; n++) await box(page).press('ArrowLeft')
  await ann.open('lunch')
  await expect(box(page)).toBeEmpty()
  await box(page).fill('soup?')
  await ann.open('general')
  await expect(box(page)).toHaveValue('half a thought')
  await page.reload()
  await expect(box(page)).toHaveValue('half a thought')
  await box(page).focus()
  expect(await caret(page)).toBe('half a th'.length)

  const url = page.url()
  await page.route('**/api/auth/refresh', (route) =>
    route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      body: '{"status":401,"code":"invalid_refresh_token","title":"","detail":"","request_id":""}',
    }),
  )
  await page.reload()
  await page.waitForURL(/\/signin/)
  await page.unroute('**/api/auth/refresh')
  await page.getByLabel('Email').fill(`${name}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(url)
  await expect(box(page)).toHaveValue('half a thought')
  await ann.open('lunch')
  await expect(box(page)).toHaveValue('soup?')
  await box(page).press('Enter')
  await expectOnce(ann, 'soup?')
  await page.reload()
  await expect(box(page)).toBeEmpty()
})

test('a draft follows into the other tab within a second', async ({ signUp }) => {
  const ann = await signUp('ann')
  const other = await ann.page.context().newPage()
  await other.goto(ann.page.url())
  await expect(box(other)).toBeVisible()
  await box(ann.page).fill('from the left')
  await expect(box(other)).toHaveValue('from the left', { timeout: 1_000 })
  await box(other).fill('from the right')
  await expect(box(ann.page)).toHaveValue('from the right', { timeout: 1_000 })
  await box(other).press('Enter')
  await expect(box(ann.page)).toBeEmpty()
  await expectOnce(ann, 'from the right')
})

test('people are completed by any word of their name, with the keyboard alone', async ({
  signUp,
}) => {
  const workspace = `Completion ${process.pid}`
  const ann = await signUp('ann', { workspace })
  const client = await apiOf(ann)
  const { workspaces } = await client.getBootstrap()
  const workspace_id = workspaces[0]?.id ?? 0
  const invite = await client.createInvite({ params: { id: workspace_id }, body: {} })
  const join = async (name: string) => {
    const username = `${name}-${process.pid}`
    const guest = await apiOf(await signUp('guest'))
    await guest.updateMe({ body: { username } })
    await guest.acceptInvite({ params: { code: invite.code } })
    return { username, client: guest }
  }
  const mira = await join('Mira.Kovač')
  const jonas = await join('Jonas.Lind')
  const { id } = await client.createChat({
    body: {
      type: 'private_channel',
      name: 'plans',
      workspace_id,
      user_ids: [(await mira.client.getMe()).id],
    },
  })
  await ann.open('plans')
  await ann.page.waitForURL(new RegExp(`/c/${id}$`))

  await box(ann.page).pressSequentially('hi @kova')
  await expect(list(ann.page)).toBeVisible()
  await expect(active(ann.page)).toHaveText(mira.username)
  const id1 = await active(ann.page).getAttribute('id')
  await expect(box(ann.page)).toHaveAttribute('aria-activedescendant', id1 ?? '')
  await box(ann.page).press('Escape')
  await expect(list(ann.page)).toHaveCount(0)
  await expect(box(ann.page)).toHaveValue('hi @kova')
  await box(ann.page).press('c')
  await expect(list(ann.page)).toHaveCount(0)
  for (let n = 0; n < 'kovac'.length; n++) await box(ann.page).press('Backspace')
  await box(ann.page).press('Backspace')
  await box(ann.page).pressSequentially('@')
  await expect(ann.page.getByRole('option')).toHaveCount(2)
  await expect(active(ann.page)).toHaveText(mira.username)
  await box(ann.page).press('ArrowDown')
  await expect(active(ann.page)).toHaveText(`${jonas.username}not in this channel`)
  await box(ann.page).press('ArrowUp')
  await box(ann.page).press('Tab')
  await expect(box(ann.page)).toHaveValue(`hi @${mira.username} `)
  await expect(box(ann.page)).toBeFocused()
  await expect(ann.page.getByText('will not see this')).toHaveCount(0)

  await box(ann.page).pressSequentially('and @lin')
  await box(ann.page).press('Enter')
  await expect(box(ann.page)).toHaveValue(`hi @${mira.username} and @${jonas.username} `)
  await expect(
    ann.page.getByText(`${jonas.username} is not in #plans and will not see this.`),
  ).toBeVisible()
  await box(ann.page).press('Control+z')
  await expect(box(ann.page)).toHaveValue(/@lin/)
})

test('emoji are completed by their names', async ({ signUp }) => {
  const ann = await signUp('ann')
  await box(ann.page).pressSequentially('so :rocke')
  await expect(ann.page.getByRole('listbox', { name: 'Emoji' })).toBeVisible()
  await expect(active(ann.page)).toHaveText('🚀:rocket:')
  await box(ann.page).press('Enter')
  await expect(box(ann.page)).toHaveValue('so 🚀 ')
  await box(ann.page).pressSequentially(':tada: 10:30')
  await expect(box(ann.page)).toHaveValue('so 🚀 🎉 10:30')
  await expect(ann.page.getByRole('listbox')).toHaveCount(0)
})

test('what was written in a channel that is gone can be copied', async ({ signUp }) => {
  const ann = await signUp('ann')
  const client = await apiOf(ann)
  const chat = await client.createChat({ body: { type: 'private_channel', name: 'secret' } })
  await ann.open('secret')
  await box(ann.page).fill('a long draft')
  await client.deleteChat({ params: { id: chat.id } })
  const left = ann.page.getByRole('region', { name: /This was not sent/ })
  await expect(left.getByRole('textbox')).toHaveValue('a long draft')
  await left.getByRole('button', { name: 'Discard' }).click()
  await expect(left).toHaveCount(0)
  expect(await chatOf(ann)).toBe(chat.id)
})

test('no character is lost while messages arrive', { tag: '@slow' }, async ({ signUp }) => {
  const ann = await signUp('ann')
  const client = await apiOf(ann)
  const id = await chatOf(ann)
  await box(ann.page).focus()
  const text = 'some words, @nobody here, :no such emoji and\nlines '.repeat(2)
  const typed = new AbortController()
  const typing = (async () => {
    for (const key of text)
      await (key === '\n'
        ? ann.page.keyboard.press('Shift+Enter')
        : ann.page.keyboard.type(key, { delay: 20 }))
    typed.abort()
  })()
  let sent = 0
  while (!typed.signal.aborted)
    await client.sendMessage({ params: { id }, body: { content: `message ${++sent}` } })
  await typing
  await expect(box(ann.page)).toHaveValue(text)
  await expect(row(ann.page, `message ${sent}`)).toHaveCount(1)
})
