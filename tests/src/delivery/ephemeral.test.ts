import type { Ephemeral, Event } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import type { Client } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 })
})
afterAll(() => stack.stop())

interface Person {
  id: number
  client: Client
  seen: (Event | Ephemeral)[]
  close(): void
}

/** Somebody who listens at one of the servers. */
async function person(name: string, at: number): Promise<Person> {
  const client = stack.client({ chat: at, notify: at })
  const { id } = await signUp(client, name, 'Acme')
  if (name === 'ada') {
    const { workspaces } = await client.listWorkspaces()
    const params = { id: workspaces[0]?.id ?? 0 }
    await client.updateWorkspace({ params, body: { join_policy: 'open' } })
  }
  const seen: Person['seen'] = []
  const listen = (event: Event | Ephemeral) => void seen.push(event)
  const stream = client.stream({
    onEvent: listen,
    onEphemeral: listen,
    onResync: () => client.getBootstrap(),
  })
  await until(() => stream.state().state === 'live')
  return { id, client, seen, close: stream.close }
}

const typists = ({ seen }: Person, chatId: number) =>
  seen.flatMap((one) => (one.kind === 'Typing' && one.chat_id === chatId ? [one.user_id] : []))
const presences = ({ seen }: Person, { id }: Person) =>
  seen.flatMap((one) =>
    one.kind === 'PresenceChanged' && one.user_id === id ? [one.presence] : [],
  )

test('typing and presence reach the others on all servers, once, and nobody who has left', async () => {
  const ada = await person('ada', 0)
  const chat = await ada.client.createChat({
    body: { type: 'private_channel', name: 'den', user_ids: [] },
  })
  const params = { id: chat.id }
  const [ben, eve] = [await person('ben', 1), await person('eve', 1)]
  await ada.client.updateChat({ params, body: { add_user_ids: [ben.id, eve.id] } })
  await until(() => eve.seen.some(({ kind }) => kind === 'AddToChat'))

  // By two chat-servers, to two notify-servers.
  const elsewhere = stack.client({ chat: 0, notify: 0 })
  await elsewhere.signIn({
    body: { email: 'ben@example.org', password: 'correct horse battery staple' },
  })
  await Promise.all([ben.client.sendTyping({ params }), elsewhere.sendTyping({ params })])
  await until(() => typists(ada, chat.id).length && typists(eve, chat.id).length)
  await eve.client.leaveChat({ params })
  await ada.client.sendTyping({ params })
  await until(() => typists(ben, chat.id).length)
  expect(typists(ada, chat.id)).toEqual([ben.id])
  expect(typists(eve, chat.id)).toEqual([ben.id])

  await until(() => presences(ada, ben).length)
  const { presences: known } = await ada.client.listPresences({
    query: { ids: [ada.id, ben.id, 4096] },
  })
  expect(known).toHaveLength(2)
  for (const { presence } of known) expect(presence).toBe('online')
  await ben.client.setMyPresence({ body: { away: true } })
  await until(() => presences(ada, ben).at(-1) === 'away')
  await ben.client.setMyPresence({ body: { away: false, dnd: true } })
  await until(() => presences(ada, ben).at(-1) === 'dnd')
  await until(async () => {
    const { presences } = await ada.client.listPresences({ query: { ids: [ben.id] } })
    return presences[0]?.presence === 'dnd'
  })
  const { online_count } = await ada.client.getChatPresence({ params })
  expect(online_count).toBe(2)
  for (const { close } of [ada, ben, eve]) close()
})
