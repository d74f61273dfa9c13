import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deleteFile, deleteMessage, sendMessage } from '@parley/contract'
import { createLog } from '@parley/core/log'
import type { Storage } from '@parley/core/storage/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, startChatServer } from '../../fixtures/chat-server.ts'
import { bearer, uploaded } from '../../fixtures/files.ts'
import { sightings } from '../../fixtures/sightings.ts'
import { clean } from './clean.ts'

let server: TestServer
let anna: Person
let general: number
beforeAll(async () => {
  server = await startChatServer()
  anna = await server.person('anna')
  general = (await server.workspace(anna)).general
})
afterAll(() => server.stop())

const hour = 3_600_000
const log = createLog('test', 'silent')
const cleanIn = (hours: number, storage = server.storage) =>
  clean({ ...server, storage, log }, new Date(Date.now() + hours * hour))
const keyOf = async (id: number) =>
  String(await server.value('select storage_key::text from files where id = $1', id))

async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of server.storage.list()) found.push(key)
  return found
}

test('FI-06: what hangs on no message is gone after a day, and what was sent stays', async () => {
  const [lost, sent] = [
    await uploaded(server.url, anna, 'a', 'lost'),
    await uploaded(server.url, anna, 'b', 'sent'),
  ]
  await anna.call(sendMessage, {
    params: { id: general },
    body: { content: '', files: [sent.id] },
  })
  const [lostKey, sentKey] = [await keyOf(lost.id), await keyOf(sent.id)]
  await cleanIn(23)
  expect(await keys()).toEqual(expect.arrayContaining([lostKey, sentKey]))
  // Two servers at once do no harm.
  await Promise.all([cleanIn(25), cleanIn(25)])
  await cleanIn(25)
  expect(await keys()).toEqual([sentKey])
  expect(await server.value('select count(*) from files')).toBe(1)
  expect(await server.value('select count(*) from file_garbage')).toBe(0)
  expect(await server.value(`select bytes from file_use where scope = 'instance'`)).toBe(4)
})

test('AZ-16: the bytes of a deleted message leave the storage, however often that has to be tried', async () => {
  const file = await uploaded(server.url, anna, 'a', 'a canary')
  const { id } = await anna.call(sendMessage, {
    params: { id: general },
    body: { content: '', files: [file.id] },
  })
  const key = await keyOf(file.id)
  await anna.call(deleteMessage, { params: { id: general, message_id: id } })
  // Out of the server’s own reach for now.
  await server.value(`update file_garbage set queued_at = now() + interval '1 hour' returning 1`)
  const broken: Storage = { ...server.storage, remove: async () => Promise.reject(new Error('no')) }
  await cleanIn(2, broken)
  expect(await keys()).toContain(key)
  expect(await server.value('select attempts from file_garbage where key = $1', key)).toBe(1)
  await cleanIn(2)
  expect(await keys()).toContain(key)
  await cleanIn(3)
  expect(await keys()).not.toContain(key)
})

test('FI-06: an upload that nobody finishes is gone after a day, with the room it had', async () => {
  const before = await server.value(`select bytes from file_use where scope = 'user'`)
  const response = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: { ...bearer(anna), 'tus-resumable': '1.0.0', 'upload-length': '5000' },
  })
  expect(response.status).toBe(201)
  await server.partials.create(randomUUID())
  await cleanIn(23)
  const parts = () => readdir(join(server.dataDir, 'files', 'uploads'))
  expect(await parts()).toHaveLength(1)
  await cleanIn(25)
  expect(await parts()).toEqual([])
  expect(await server.value(`select bytes from file_use where scope = 'user'`)).toBe(before)
})

const canary = 'canary-in-a-file'

test('AZ-16: of what was deleted nothing is found again, in the folder or the database', async () => {
  const share = async (chat: number): Promise<number> => {
    const file = await uploaded(server.url, anna, `${canary}.txt`, canary)
    const body = { content: '', files: [file.id] }
    return (await anna.call(sendMessage, { params: { id: chat }, body })).id
  }
  const { general: doomed } = await server.workspace(anna)
  const message = await share(general)
  await share(doomed)
  const unsent = await uploaded(server.url, anna, `${canary}.txt`, canary)
  expect(new Set(await sightings(server, canary))).toEqual(
    new Set(['event_log', 'files', 'folder']),
  )
  await anna.call(deleteMessage, { params: { id: general, message_id: message } })
  await server.value('update chats set deleted_at = now() where id = $1', doomed)
  await server.value('select purge_deleted_chats(500)')
  await anna.call(deleteFile, { params: { id: unsent.id } })
  await cleanIn(0.01)
  expect(await sightings(server, canary)).toEqual([])
})
