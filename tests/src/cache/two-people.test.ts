import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Endpoint, endpoints, openFile } from '@parley/contract'
import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../access/call.ts'
import { type Actor, type Cast, castOn } from '../access/cast.ts'
import type { Entry } from '../access/entry.ts'
import { outside, webFiles } from '../access/outside.ts'
import { type Place, type Places, placesOn } from '../access/places.ts'
import { secretsOf } from '../access/secrets.ts'
import { table } from '../access/table.ts'
import { requestOf } from '../access/wish.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { type SharedCache, startSharedCache } from './shared-cache.ts'

let stack: Stack
let cache: SharedCache
let cast: Cast
let places: Places
let webDir: string
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'parley-web-'))
  for (const [path, text] of Object.entries(webFiles)) {
    await mkdir(dirname(join(webDir, path)), { recursive: true })
    await writeFile(join(webDir, path), text)
  }
  stack = await startStack({}, { PARLEY_WEB_DIR: webDir })
  cache = await startSharedCache(stack.chatUrls[0] ?? '')
  cast = await castOn(stack)
  places = await placesOn(stack.sql, cast)
})
afterAll(async () => {
  await cache.stop()
  await stack.stop()
  await rm(webDir, { recursive: true, force: true })
})

/** One who is in all of it, and those who may come after them. */
const inTurn = ['owner', 'member', 'stranger', 'anonymous', 'owner'] as const
const gets = new Map<string, Endpoint>(
  Object.entries<Endpoint>(endpoints).filter(([, { method }]) => method === 'GET'),
)
const rows = Object.entries<readonly Entry[]>(table).flatMap(([name, entries]) => {
  const endpoint = gets.get(name)
  return endpoint ? [{ name, endpoint, entries }] : []
})

async function expectOwn(endpoint: Endpoint, entry: Entry, place: Place, actor: Actor) {
  const asked = requestOf(endpoint, entry, place, cast, actor)
  const answer = await call(cache.url, asked)
  const direct = await call(stack.chatUrls[0] ?? '', asked)
  const told = `${actor} ${asked.path}`
  expect(`${told} ${answer.outcome}`).toBe(`${told} ${direct.outcome}`)
  const administers = endpoint.auth === 'admin' && actor === 'administrator'
  if (administers) return
  for (const secret of secretsOf(place, cast, actor)) expect(answer.body).not.toContain(secret)
}

test.each(rows)(
  'WB-06: through a cache $name answers each as the server does, and nothing of it is kept',
  async ({ endpoint, entries }) => {
    const before = cache.kept()
    for (const entry of entries) {
      for (const kind of entry.kinds) {
        const place = await places.open(kind)
        for (const actor of inTurn) await expectOwn(endpoint, entry, place, actor)
      }
    }
    expect(cache.hits).toEqual([])
    expect(cache.kept()).toEqual(before)
  },
)

const Address = Type.Object({ url: Type.String() })
const tus = { 'tus-resumable': '1.0.0' }

test('WB-06: through a cache a file is had by whom its address is for, and by nobody when they lost it', async () => {
  const { chat } = await places.open('private_channel')
  const { owner, member } = cast
  const ask = (asked: Parameters<typeof call>[1]) => call(cache.url, asked)
  const upload = { method: 'POST', path: '/api/uploads', token: owner.token }
  const begun = await ask({ ...upload, headers: { ...tus, 'upload-length': '2' } })
  const path = begun.headers.location ?? ''
  const headers = {
    ...tus,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
  }
  await ask({ method: 'PATCH', path, token: owner.token, headers, body: 'xx' })
  const id = path.split('/').at(-1) ?? ''
  const messages = `/api/chats/${chat}/messages`
  const body = { content: 'see', files: [Number(id)] }
  await ask({ method: 'POST', path: messages, token: owner.token, body })
  const addressFor = async (token: string | undefined) => {
    const opened = await ask({ method: 'GET', path: openFile.path.replace(':id', id), token })
    return parseJson(opened.body, Address)?.url ?? ''
  }
  const [owners, members] = [await addressFor(owner.token), await addressFor(member.token)]
  expect(members).not.toBe(owners)
  for (const address of [owners, members, members])
    expect((await ask({ method: 'GET', path: address })).body).toBe('xx')
  await stack.sql.run(sql`
    delete from chat_members where chat_id = ${chat} and user_id = ${member.id}`)
  expect((await ask({ method: 'GET', path: members })).status).toBe(404)
  expect(cache.hits).toEqual([])
})

const open = Object.entries(outside).flatMap(([route, rule]) =>
  rule === 'open' && route.startsWith('GET ') ? [route.slice(4).replace(/\*$/, 'x')] : [],
)

test('WB-06: what a cache keeps of the rest is the same for all, and assets with a hash are kept', async () => {
  for (const path of open) {
    const [owner, stranger, nobody] = [cast.owner.token, cast.stranger.token, undefined]
    for (const token of [owner, stranger, nobody])
      await call(cache.url, { method: 'GET', path, token })
  }
  const asset = { method: 'GET', path: '/assets/page.js' }
  expect((await call(cache.url, asset)).headers['x-cache']).toBe('hit')
  expect(cache.hits.filter((path) => !open.includes(path))).toEqual([])
})
