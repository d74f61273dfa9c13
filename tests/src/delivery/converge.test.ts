import { newSetupToken } from '@parley/core/access/setup'
import { until } from '@parley/core/testing/until'
import { type Client, comparable, fromBootstrap } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byHand } from '../stack/by-hand.ts'
import { colours, png } from '../browser/pictures.ts'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
let anna: Person
let bob: Person
let cleo: Person

beforeAll(async () => {
  stack = await startStack()
  const clients = [stack.client(), stack.client(), stack.client()] as const
  await signUp(clients[0], 'anna', 'Acme')
  const { workspaces } = await clients[0].listWorkspaces()
  const id = workspaces[0]?.id ?? 0
  await clients[0].updateWorkspace({ params: { id }, body: { join_policy: 'open' } })
  await signUp(clients[1], 'bob', 'Acme')
  await signUp(clients[2], 'cleo', 'Acme')
  anna = await follow(clients[0])
  bob = await follow(clients[1])
  cleo = await follow(clients[2])
})
afterAll(() => stack.stop())

/** The rule: bootstrap + events = fresh bootstrap, for everybody, after each kind of change. */
async function expectConvergence(): Promise<void> {
  for (const person of [anna, bob, cleo]) {
    const fresh = comparable(fromBootstrap(await person.client.getBootstrap()))
    await until(() => JSON.stringify(comparable(person.state())) === JSON.stringify(fresh), {
      timeoutMs: 5_000,
    }).catch(() => undefined)
    expect(comparable(person.state())).toEqual(fresh)
    expect(person.resyncs).toEqual([])
  }
}

/** What the steps hand on to those after them. */
const ids = { workspace: 0, general: 0, single: 0, group: 0, secret: 0, open: 0, message: 0 }

const send = async (client: Client, chat: number, content: string): Promise<number> =>
  (await client.sendMessage({ params: { id: chat }, body: { content } })).id

/** A file of theirs to become a picture. */
async function picture(client: Client): Promise<number> {
  const body = new FormData()
  body.append('file', new Blob([Uint8Array.from(png(40, 30, colours[0]))]), 'me.png')
  const { files } = await client.uploadFiles({ body })
  return files[0]?.id ?? 0
}

const steps: [string, () => Promise<unknown>][] = [
  [
    'a message in a channel',
    async () => {
      const { chats } = await anna.client.listChats({ query: {} })
      ids.general = chats[0]?.id ?? 0
      ids.workspace = chats[0]?.workspace_id ?? 0
      ids.message = await send(anna.client, ids.general, 'hello @bob and @cleo')
    },
  ],
  [
    'an edit that mentions others',
    async () =>
      anna.client.editMessage({
        params: { id: ids.general, message_id: ids.message },
        body: { content: 'hello @cleo' },
      }),
  ],
  [
    'reading',
    async () => {
      const chat = await bob.client.getChat({ params: { id: ids.general } })
      await bob.client.moveReadMarker({ params: { id: ids.general }, body: { seq: chat.last_seq } })
    },
  ],
  [
    'marking unread',
    async () => bob.client.moveReadMarker({ params: { id: ids.general }, body: { seq: 0 } }),
  ],
  [
    'a deletion',
    async () => anna.client.deleteMessage({ params: { id: ids.general, message_id: ids.message } }),
  ],
  [
    'a single chat',
    async () => {
      ids.single = (
        await anna.client.createChat({ body: { type: 'single', user_id: bob.me.id } })
      ).id
      await send(bob.client, ids.single, 'psst')
    },
  ],
  [
    'a group',
    async () => {
      const user_ids = [bob.me.id, cleo.me.id]
      ids.group = (
        await anna.client.createChat({ body: { type: 'group', user_ids, name: 'Three' } })
      ).id
      await send(cleo.client, ids.group, 'we are three')
    },
  ],
  [
    'a private channel',
    async () => {
      ids.secret = (
        await anna.client.createChat({
          body: { type: 'private_channel', name: 'secret', user_ids: [bob.me.id] },
        })
      ).id
      await send(bob.client, ids.secret, 'only for us')
    },
  ],
  [
    'a public channel that others join',
    async () => {
      ids.open = (
        await anna.client.createChat({
          body: { type: 'public_channel', name: 'open', description: 'For all' },
        })
      ).id
      await send(anna.client, ids.open, 'before bob')
      await bob.client.joinChat({ params: { id: ids.open } })
      await send(anna.client, ids.open, 'after bob')
    },
  ],
  [
    'a new name and description',
    async () =>
      anna.client.updateChat({
        params: { id: ids.open },
        body: { name: 'opened', description: null },
      }),
  ],
  [
    'public becomes private and back',
    async () => {
      await anna.client.updateChat({
        params: { id: ids.open },
        body: { type: 'private_channel', history: 'since_join' },
      })
      await anna.client.updateChat({ params: { id: ids.open }, body: { type: 'public_channel' } })
    },
  ],
  [
    'somebody is added',
    async () =>
      anna.client.updateChat({ params: { id: ids.secret }, body: { add_user_ids: [cleo.me.id] } }),
  ],
  [
    'hiding what was before somebody who had marked it unread',
    async () => {
      const params = { id: ids.secret }
      await cleo.client.moveReadMarker({ params, body: { seq: 0 } })
      expect((await cleo.client.getChat({ params })).unread_count).toBe(1)
      await anna.client.updateChat({ params, body: { history: 'since_join' } })
      expect((await cleo.client.getChat({ params })).unread_count).toBe(0)
    },
  ],
  [
    'showing it again',
    async () => {
      const params = { id: ids.secret }
      await anna.client.updateChat({ params, body: { history: 'all' } })
    },
  ],
  [
    'somebody is removed',
    async () =>
      anna.client.updateChat({
        params: { id: ids.secret },
        body: { remove_user_ids: [bob.me.id] },
      }),
  ],
  [
    'somebody comes back',
    async () =>
      anna.client.putChatMember({ params: { id: ids.secret, user_id: bob.me.id }, body: {} }),
  ],
  [
    'a new role in a channel',
    async () =>
      anna.client.putChatMember({
        params: { id: ids.secret, user_id: bob.me.id },
        body: { role: 'admin' },
      }),
  ],
  ['the last owner leaves', async () => anna.client.leaveChat({ params: { id: ids.secret } })],
  [
    'a notification setting',
    async () =>
      cleo.client.updateChat({ params: { id: ids.group }, body: { notification: 'mentions' } }),
  ],
  ['a new username', async () => bob.client.updateMe({ body: { username: 'robert' } })],
  [
    'a picture',
    async () => bob.client.updateMe({ body: { avatar_id: await picture(bob.client) } }),
  ],
  [
    'another picture',
    async () => bob.client.updateMe({ body: { avatar_id: await picture(bob.client) } }),
  ],
  ['no picture any more', async () => bob.client.updateMe({ body: { avatar_id: null } })],
  [
    'an icon of the workspace',
    async () =>
      anna.client.updateWorkspace({
        params: { id: ids.workspace },
        body: { icon_id: await picture(anna.client) },
      }),
  ],
  [
    'a workspace is renamed',
    async () =>
      anna.client.updateWorkspace({ params: { id: ids.workspace }, body: { name: 'Acme & Co' } }),
  ],
  [
    'a new role in the workspace',
    async () =>
      anna.client.updateWorkspaceMember({
        params: { id: ids.workspace, user_id: bob.me.id },
        body: { role: 'admin' },
      }),
  ],
  ['another workspace', async () => cleo.client.createWorkspace({ body: { name: 'Cleo' } })],
  ['a chat is deleted', async () => anna.client.deleteChat({ params: { id: ids.group } })],
  [
    'a message inserted by hand',
    async () =>
      byHand(
        stack.databaseUrl,
        "insert into messages (chat_id, sender_id, content) values ($1, $2, 'by hand')",
        [ids.general, cleo.me.id],
      ),
  ],
  [
    'a message deleted by hand',
    async () => byHand(stack.databaseUrl, "delete from messages where content = 'by hand'", []),
  ],
  [
    'somebody becomes an administrator of the instance',
    async () => {
      const { is_admin } = await bob.client.setUp({
        body: { token: await newSetupToken(stack.sql) },
      })
      expect(is_admin).toBe(true)
    },
  ],
  [
    'somebody is an administrator no longer',
    async () => {
      const set = 'update users set is_admin = $2 where id = $1'
      await byHand(stack.databaseUrl, set, [anna.me.id, true])
      await byHand(stack.databaseUrl, set, [bob.me.id, false])
      await until(() => bob.events.filter(({ kind }) => kind === 'AdminChanged').length === 2)
      await until(() => anna.state().me.is_admin)
      expect(bob.state().me.is_admin).toBe(false)
    },
  ],
  [
    'somebody is removed from the workspace',
    async () =>
      anna.client.removeWorkspaceMember({ params: { id: ids.workspace, user_id: cleo.me.id } }),
  ],
  [
    'somebody joins an open workspace',
    async () => cleo.client.joinWorkspace({ params: { id: ids.workspace } }),
  ],
  [
    'the workspace is deleted',
    async () => anna.client.deleteWorkspace({ params: { id: ids.workspace } }),
  ],
]

test.for(steps)('bootstrap + events = fresh bootstrap after %s', async ([, change]) => {
  await change()
  await expectConvergence()
})
