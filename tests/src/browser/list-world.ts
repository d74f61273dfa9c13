/// <reference lib="dom" />
import type { Locator, Page } from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import type { RunningParley } from '../stack/parley.ts'
import { sendMany } from '../stack/send-many.ts'
import { leaveNothing } from './cache.ts'
import type { Person } from './fixtures.ts'

const password = 'correct horse battery staple'
let worlds = 0

/** A workspace of somebody who has no page, with messages in it, and a person who reads there. */
export interface World {
  bob: Client
  /** The reader's own session beside the page. */
  ann: Client
  chat: number
  /** Where its #general is in the client. */
  path: string
  say(...texts: string[]): Promise<number[]>
}

/** Bob founds a workspace and fills #general; the reader joins it then. */
export async function worldOf(
  parley: RunningParley,
  reader: Person,
  seeded = 0,
  text = (n: number) => `message ${n}`,
): Promise<World> {
  // A page that were open, or went on from what it kept, would show a second workspace suddenly.
  await leaveNothing(reader.page)
  const bob = createClient({ url: parley.url })
  const name = `founder-${process.pid}-${++worlds}`
  const account = { username: name, email: `${name}@example.org`, password }
  const { user, workspace } = await bob.signUp({ body: { ...account, workspace: `${name} inc` } })
  const { chats } = await bob.listChats({ query: {} })
  const chat = chats.find((one) => one.is_general)?.id ?? 0
  if (seeded > 0)
    await sendMany(parley.databaseUrl(), { chat, senders: [user.id], count: seeded, text })
  const ann = createClient({ url: parley.url })
  await ann.signIn({ body: { email: `${reader.name}@example.org`, password } })
  const params = { id: workspace?.id ?? 0 }
  const { code } = await bob.createInvite({ params, body: {} })
  await ann.acceptInvite({ params: { code } })
  return {
    bob,
    ann,
    chat,
    path: `/w/${workspace?.id}/c/${chat}`,
    async say(...texts) {
      const ids: number[] = []
      for (const content of texts)
        ids.push((await bob.sendMessage({ params: { id: chat }, body: { content } })).id)
      return ids
    },
  }
}

/** The list's box, which scrolls. */
export const list = (page: Page): Locator => page.getByTestId('scroller')
export const article = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: new RegExp(`${text}$`) })
export const fromEnd = (page: Page): Promise<number> =>
  list(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
export const scrollBy = (page: Page, pixels: number): Promise<void> =>
  list(page).evaluate((box, pixels) => box.scrollBy(0, pixels), pixels)
