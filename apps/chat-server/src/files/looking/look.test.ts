import { getMessage, listEvents, sendMessage } from '@parley/contract'
import { createLog } from '@parley/core/log'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, startChatServer } from '../../fixtures/chat-server.ts'
import { bearer, formOf, png, post, uploaded } from '../../fixtures/files.ts'
import { clean } from '../cleaning/clean.ts'

let server: TestServer
let anna: Person
let general: number
beforeAll(async () => {
  server = await startChatServer()
  anna = await server.person('anna')
  general = (await server.workspace(anna)).general
})
afterAll(() => server.stop())

const looked = (id: number) =>
  until(
    async () => (await server.value('select looked_at from files where id = $1', id)) !== null,
    { timeoutMs: 20_000 },
  )
const send = (...files: number[]) =>
  anna.call(sendMessage, { params: { id: general }, body: { content: '', files } })
const open = (id: number, query = '') =>
  fetch(`${server.url}/api/files/${id}${query}`, { headers: bearer(anna) })
const read = async (id: number) =>
  (await anna.call(getMessage, { params: { id: general, message_id: id } })).files

/** As if nobody had looked into it yet; another one that comes wakes whoever looks. */
async function lookAgain(id: number): Promise<void> {
  await server.value(
    `update files set looked_at = null, look_after = '-infinity' where id = $1 returning id`,
    id,
  )
  await uploaded(server.url, anna, 'more.txt', 'more')
  await looked(id)
}

test('whoever has its message hears how large a picture is, and gets its renditions', async () => {
  const { id } = await uploaded(server.url, anna, 'wide.png', png(2000, 1500))
  await looked(id)
  await server.value(
    `update files set width = null, blur_hash = null, renditions = '[]' where id = $1 returning id`,
    id,
  )
  const message = await send(id)
  expect(message.files).toMatchObject([{ width: null, renditions: [] }])
  await lookAgain(id)
  const [file] = await read(message.id)
  expect(file).toMatchObject({ width: 2000, height: 1500, mime: 'image/png' })
  expect(file?.blur_hash).toMatch(/^.{6,}$/)
  expect(file?.renditions).toEqual(expect.arrayContaining(['thumb', 'large']))
  const query = { after: message.seq }
  const { events } = await anna.call(listEvents, { params: { id: general }, query })
  expect(events).toMatchObject([{ kind: 'MessageUpdated', message: { files: [file] } }])
  const answer = await open(id, '?rendition=thumb')
  expect(answer.headers.get('content-type')).toBe('image/webp')
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(bytes.subarray(8, 12).toString('latin1')).toBe('WEBP')
})

test('FI-04: a picture too large to open, and one that is broken, stay files as any other', async () => {
  const bomb = await uploaded(server.url, anna, 'bomb.png', png(50_000, 50_000, 1))
  const broken = await uploaded(server.url, anna, 'broken.png', png(64, 64).subarray(0, 50))
  for (const { id } of [bomb, broken]) await looked(id)
  const message = await send(bomb.id, broken.id)
  for (const file of await read(message.id))
    expect(file).toMatchObject({ width: null, renditions: [], blur_hash: null })
  expect((await open(bomb.id)).status).toBe(200)
})

test('whoever uploads is told what was found out', async () => {
  const body = formOf(['wide.png', png(2000, 1500)], ['a.zip', 'PK\u0003\u0004'], ['a.txt', 'one'])
  const answer = await post(server.url, anna, body)
  expect(await answer.json()).toMatchObject({
    files: [
      { width: 2000, height: 1500, renditions: expect.arrayContaining(['thumb', 'large']) },
      { width: null, renditions: [] },
      { text_preview: 'one' },
    ],
  })
})

test('of a text its first lines come with it', async () => {
  const { id } = await uploaded(server.url, anna, 'notes.md', '# Notes\r\n\r\n- <b>one</b>\n')
  await looked(id)
  const message = await send(id)
  const text_preview = '# Notes\n\n- <b>one</b>'
  expect(message.files).toMatchObject([{ mime: 'text/plain', text_preview, renditions: [] }])
})

test('what nothing is made of is not looked into, and what a server left is', async () => {
  const looks = (id: number) => server.value('select looks from files where id = $1', id)
  const bytes = Buffer.from('PK\u0003\u0004 and so on')
  const { id: archive } = await uploaded(server.url, anna, 'archive.zip', bytes)
  const { id } = await uploaded(server.url, anna, 'small.png', png(8, 8))
  await looked(id)
  await lookAgain(id)
  expect([await looks(archive), await looks(id)]).toEqual([0, 2])
})

test('AZ-09: renditions are given to whom the file is given, and go with it', async () => {
  const { id } = await uploaded(server.url, anna, 'wide.png', png(2000, 1500))
  await looked(id)
  const ben = await server.person('ben')
  for (const rendition of ['thumb', 'large']) {
    const path = `/api/files/${id}?rendition=${rendition}`
    const [hers, his] = await Promise.all(
      [anna, ben].map((person) =>
        fetch(`${server.url}${path}`, { headers: bearer(person), redirect: 'manual' }),
      ),
    )
    expect([hers?.status, his?.status]).toEqual([302, 404])
  }
  const key = String(await server.value('select storage_key::text from files where id = $1', id))
  await server.value('delete from files where id = $1 returning id', id)
  const left = async (): Promise<string[]> => {
    const keys: string[] = []
    for await (const { key: one } of server.storage.list()) if (one.startsWith(key)) keys.push(one)
    return keys
  }
  expect(await left()).not.toEqual([])
  await clean({ ...server, log: createLog('test', 'silent') }, new Date())
  expect(await left()).toEqual([])
})
