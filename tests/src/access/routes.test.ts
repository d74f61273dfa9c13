import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Endpoint, endpoints, openFile } from '@parley/contract'
import { parseJson } from '@parley/core/json'
import { sql } from '@parley/core/db/sql'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { type Asked, call } from './call.ts'
import { type Cast, actors, castOn, nowhere } from './cast.ts'
import { outside, webFiles } from './outside.ts'
import { type Places, placesOn } from './places.ts'
import { routesOf } from './routes.ts'

let stack: Stack
let routes: string[]
let cast: Cast
let places: Places
let webDir: string
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'parley-web-'))
  for (const [path, text] of Object.entries(webFiles)) {
    await mkdir(dirname(join(webDir, path)), { recursive: true })
    await writeFile(join(webDir, path), text)
  }
  const begun = await routesOf(() => startStack({}, { PARLEY_WEB_DIR: webDir }))
  stack = begun.started
  routes = begun.routes
  cast = await castOn(stack)
  places = await placesOn(stack.sql, cast)
})
afterAll(async () => {
  await stack.stop()
  await rm(webDir, { recursive: true, force: true })
})

const ask = (asked: Asked) => call(stack.chatUrls[0] ?? '', asked)
const all = Object.values<Endpoint>(endpoints)

test('AZ-01: each route that the server has is in one of the tables, and each of theirs is served', () => {
  const expected = [...all.map(({ method, path }) => `${method} ${path}`), ...Object.keys(outside)]
  // Fastify answers HEAD where it answers GET, by the same handler and hooks.
  const heads = expected.flatMap((route) =>
    route.startsWith('GET ') ? [`HEAD ${route.slice(4)}`] : [],
  )
  expect(routes).toEqual([...new Set([...expected, ...heads])].toSorted())
})

const open = Object.entries(outside).flatMap(([route, rule]) => (rule === 'open' ? [route] : []))

test.each(open)('AZ-01: %s says the same to everybody, byte for byte', async (route) => {
  const [method = '', pattern = ''] = route.split(' ')
  const path = pattern === '*' ? '/api/me' : pattern.replace(/\*$/, 'x').replace(':id', '1')
  // As a page asks before it calls; without this it is a request like any other.
  const headers = { origin: 'http://localhost:6688', 'access-control-request-method': 'GET' }
  const asked = { method, path, ...(method === 'OPTIONS' && { headers }) }
  const nobody = await ask(asked)
  expect(nobody.status).toBeLessThan(400)
  for (const actor of actors) {
    expect((await ask({ ...asked, token: cast[actor].token })).bytes).toBe(nobody.bytes)
  }
})

test.each(all.map(({ method, path }) => [method, path]))(
  'AZ-01: HEAD answers where GET does, and as that does: %s %s',
  async (method, path) => {
    const { chat, message, code } = await places.open('private_channel')
    const params: Record<string, string | number> = { id: chat, message_id: message, code }
    const there = path.replace(/:([a-z_]+)/g, (_, name: string) => String(params[name] ?? ''))
    const readable = all.some((one) => one.method === 'GET' && one.path === path)
    for (const actor of actors) {
      const asked = { path: there, token: cast[actor].token }
      const head = await ask({ method: 'HEAD', ...asked })
      const get = method === 'GET' ? await ask({ method, ...asked }) : undefined
      expect(head.body).toBe('')
      expect(head.status).toBe(readable ? (get?.status ?? head.status) : 404)
    }
  },
)

const tus = { 'tus-resumable': '1.0.0' }
const bytes = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
const begin = (token: string | undefined) =>
  ask({ method: 'POST', path: '/api/uploads', token, headers: { ...tus, 'upload-length': '2' } })

test.each([
  { method: 'POST', owner: '201' },
  { method: 'HEAD', owner: '200' },
  { method: 'PATCH', owner: '204' },
  { method: 'DELETE', owner: '204' },
])(
  'AZ-01, AZ-04: $method of a resumable upload is for its owner alone',
  async ({ method, owner }) => {
    const { headers } = await begin(cast.owner.token)
    const path = headers.location ?? ''
    const to = (path: string, token: string | undefined) =>
      method === 'POST'
        ? begin(token)
        : method === 'PATCH'
          ? ask({ method, path, token, headers: bytes, body: 'xx' })
          : ask({ method, path, token, headers: tus })
    for (const actor of actors) {
      if (actor === 'owner') continue
      const { token } = cast[actor]
      const answer = await to(path, token)
      const signedOut = actor === 'anonymous' || actor === 'disabled'
      expect(`${actor} ${answer.status}`).toBe(
        `${actor} ${signedOut ? 401 : method === 'POST' ? owner : 404}`,
      )
      if (method === 'POST') continue
      expect(answer.bytes).toBe((await to(`/api/uploads/${nowhere}`, token)).bytes)
    }
    expect((await to(path, cast.owner.token)).outcome).toBe(owner)
  },
)

const Place = Type.Object({ url: Type.String() })

test('AZ-07: the address of a file is for whom it was signed, as long as they may see it', async () => {
  const { chat } = await places.open('private_channel')
  const uploaded = await begin(cast.owner.token)
  const id = uploaded.headers.location?.split('/').at(-1) ?? ''
  const { owner, removed } = cast
  await ask({
    method: 'PATCH',
    path: `/api/uploads/${id}`,
    token: owner.token,
    headers: bytes,
    body: 'xx',
  })
  const body = { content: 'see', files: [Number(id)] }
  await ask({ method: 'POST', path: `/api/chats/${chat}/messages`, token: owner.token, body })
  const addressFor = async (token: string | undefined) => {
    const path = openFile.path.replace(':id', id)
    return parseJson((await ask({ method: 'GET', path, token })).body, Place)?.url
  }
  const address = (await addressFor(owner.token)) ?? ''
  // The signature is all that is asked for: whoever has the address has the file, for five minutes.
  expect((await ask({ method: 'GET', path: address })).body).toBe('xx')
  await stack.sql.run(
    sql`insert into chat_members (chat_id, user_id) values (${chat}, ${removed.id})`,
  )
  const removedsAddress = (await addressFor(removed.token)) ?? ''
  expect((await ask({ method: 'GET', path: removedsAddress })).status).toBe(200)
  await stack.sql.run(sql`
    delete from chat_members where chat_id = ${chat} and user_id = ${removed.id}`)
  const none = address.replace(/s=.*/, `s=${'A'.repeat(43)}`)
  const refused = [
    removedsAddress,
    none.replace(id, String(nowhere)),
    ...actors.map((actor) => address.replace(/u=\d+/, `u=${cast[actor].id + 1}`)),
  ]
  for (const method of ['GET', 'HEAD']) {
    const nothing = await ask({ method, path: none })
    expect(nothing.status).toBe(404)
    for (const path of refused) expect((await ask({ method, path })).bytes).toBe(nothing.bytes)
  }
})
