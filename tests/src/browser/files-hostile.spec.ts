/// <reference lib="dom" />
import { ParleyError } from '@parley/sdk'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { made, rowOf, share, stored } from './files-world.ts'
import { worldOf } from './list-world.ts'
import { colours, png } from './pictures.ts'

const odd = [
  '<img src=x onerror=alert(1)>.png',
  '\u202Egnp.exe',
  'a"b\'c.png',
  `${'long '.repeat(40)}.png`,
]

function hear(page: Page): string[] {
  const heard: string[] = []
  page.on('dialog', (dialog) => {
    heard.push(dialog.message())
    void dialog.dismiss()
  })
  return heard
}

test('names of files are names, however they are written', async ({ signUp, parley }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const heard = hear(page)
  const { bob, chat, path } = await worldOf(parley, ann)
  const id = await share(
    bob,
    chat,
    odd.map((name) => made(name, '%PDF-1.7\n', 'application/pdf')),
    'Names',
  )
  await page.goto(path)
  const row = rowOf(page, id)
  const names = row.locator('bdi.truncate')
  await expect(names).toHaveCount(1 + odd.length)
  const { files } = await bob.getMessage({ params: { id: chat, message_id: id } })
  expect((await names.allTextContents()).slice(1)).toEqual(files.map(({ name }) => name))
  expect(await row.locator('img').count()).toBe(0)
  expect(await row.evaluate((row) => row.scrollWidth - row.clientWidth)).toBe(0)
  expect(heard).toEqual([])
})

test('AZ-07: a file of a private chat is nowhere for others, by its address either', async ({
  signUp,
  clientOf,
  invite,
}) => {
  const bob = await signUp('bob')
  const eve = await signUp('eve', { invite: await invite(bob), expects: /404/ })
  const [his, hers] = [await clientOf(bob), await clientOf(eve)]
  const { workspaces } = await his.listWorkspaces()
  const workspace_id = workspaces[0]?.id ?? 0
  const { id: chat } = await his.createChat({
    body: { type: 'private_channel', name: 'hidden', workspace_id },
  })
  const [id = 0] = await stored(his, [made('secret.png', png(9, 9, colours[0]))])
  await his.sendMessage({ params: { id: chat }, body: { content: '', files: [id] } })
  const refused = await hers
    .openFile({ params: { id }, query: {} })
    .catch((error: unknown) => error)
  expect(refused instanceof ParleyError ? refused.status : refused).toBe(404)
  expect(await hers.listFileUrls({ query: { ids: [id] } })).toEqual({ urls: [] })
  expect((await eve.page.goto(`/files/${id}?e=1&u=1&s=${'a'.repeat(43)}`))?.status()).toBe(404)
})
