import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from './kit.ts'
import { call, type World, makeWorld } from './world.ts'

let server: ChatServer
let world: World
beforeAll(async () => {
  server = await startChat()
  world = await makeWorld(server)
})
afterAll(() => server.stop())

test('IN-07: what hangs on a chat or workspace of others looks like nothing, with any cursor', async () => {
  const { strangersToken, ids } = world
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${strangersToken}`, 'x-request-id': 'the-same-one' }
    const reply = await fetch(server.url + path, { headers })
    return { status: reply.status, body: await reply.text() }
  }
  const nothing = await ask('/api/chats/1')
  expect(nothing.status).toBe(404)
  const pages = ['', '/messages', '/messages?before=9', '/messages?around=1', '/events?after=0']
  for (const page of [...pages, '/members', '/members?after=1'])
    expect(await ask(`/api/chats/${ids['chats']}${page}`)).toEqual(nothing)
  for (const page of ['', '/members?after=1', '/invites'])
    expect(await ask(`/api/workspaces/${ids['workspaces']}${page}`)).toEqual(nothing)
})

test('IN-07: a made-up cursor of a list shows one’s own and nothing else', async () => {
  const { token, strangersToken, ids } = world
  const list = (who: string, after: number) =>
    call(server.url, 'GET', `/api/chats?after=${after}`, { token: who })
  const id = ids['chats'] ?? 0
  expect(await list(token, 1)).toMatchObject({
    chats: expect.arrayContaining([expect.objectContaining({ id })]),
  })
  expect(await list(strangersToken, 1)).not.toMatchObject({
    chats: expect.arrayContaining([expect.objectContaining({ id })]),
  })
  expect(await list(strangersToken, id - 1)).toMatchObject({ chats: [] })
  expect(await list(token, Number.MAX_SAFE_INTEGER)).toMatchObject({ chats: [] })
})
