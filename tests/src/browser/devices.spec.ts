import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const badge = (page: Page): Promise<string | null> =>
  page.locator('link[rel=icon]').getAttribute('data-badge')

/** Where the first workspace's other channel is, made by the person's own client. */
test('what is unread is the same on two devices within two seconds, and after a reload', async ({
  signUp,
  signIn,
  invite,
  clientOf,
}) => {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  const phone = await signIn(ann)
  const client = await clientOf(ann)
  const { workspaces, me, chats } = await client.getBootstrap()
  const workspace = workspaces[0]?.id ?? 0
  const room = await client.createChat({
    body: { type: 'public_channel', name: 'garden', workspace_id: workspace },
  })
  const bens = await clientOf(ben)
  await bens.joinChat({ params: { id: room.id } })
  const say = (content: string) => bens.sendMessage({ params: { id: room.id }, body: { content } })

  const workspaceName = workspaces[0]?.name ?? ''
  for (const { page } of [ann, phone]) {
    await expect(page).toHaveTitle(`#general · ${workspaceName}`)
    expect(await badge(page)).toBe('none')
  }
  await say('The roses are out')
  for (const { page } of [ann, phone]) {
    await expect(page.getByRole('link', { name: /garden.*unread/ })).toBeVisible({ timeout: 2_000 })
    await expect(page).toHaveTitle(`• #general · ${workspaceName}`)
    await expect.poll(() => badge(page)).toBe('dot')
  }
  await say(`And you, @${me.username}?`)
  for (const { page } of [ann, phone]) {
    await expect(page).toHaveTitle(`(1) #general · ${workspaceName}`, { timeout: 2_000 })
    await expect.poll(() => badge(page)).toBe('1')
  }
  await ann.page.reload()
  await expect(ann.page).toHaveTitle(`(1) #general · ${workspaceName}`)

  // Read on a third device.
  const { last_seq } = await client.getChat({ params: { id: room.id } })
  await client.moveReadMarker({ params: { id: room.id }, body: { seq: last_seq } })
  for (const { page } of [ann, phone]) {
    await expect(page).toHaveTitle(`#general · ${workspaceName}`, { timeout: 2_000 })
    await expect.poll(() => badge(page), { timeout: 2_000 }).toBe('none')
  }
  const fresh = await client.getBootstrap()
  expect(fresh.chats.every(({ unread_count }) => unread_count === 0)).toBe(true)
  expect(fresh.chats.length).toBeGreaterThan(chats.length)
})
