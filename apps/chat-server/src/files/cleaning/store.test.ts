import { buffer } from 'node:stream/consumers'
import { deleteMessage, sendMessage } from '@parley/contract'
import { createLog } from '@parley/core/log'
import { startS3Server } from '@parley/core/testing/s3-server'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../../fixtures/chat-server.ts'
import { uploaded } from '../../fixtures/files.ts'
import { sightings } from '../../fixtures/sightings.ts'
import { clean } from './clean.ts'

const store = await startS3Server()
const server = await startChatServer(store.settings)
afterAll(async () => {
  await server.stop()
  await store.stop()
})
const canary = 'canary-in-a-store'

/** How many objects of the store hold it. */
async function holding(): Promise<number> {
  let found = 0
  for await (const { key } of server.storage.list()) {
    const bytes = await server.storage.read(key)
    if (bytes && (await buffer(bytes)).includes(canary)) found++
  }
  return found
}

test('AZ-16: with a message its file is gone from the store, the folder and the database', async () => {
  const anna = await server.person('anna')
  const { general } = await server.workspace(anna)
  const { id } = await uploaded(server.url, anna, `${canary}.txt`, canary)
  const body = { content: '', files: [id] }
  const message = await anna.call(sendMessage, { params: { id: general }, body })
  expect(await holding()).toBe(1)
  await anna.call(deleteMessage, { params: { id: general, message_id: message.id } })
  await clean({ ...server, log: createLog('test', 'silent') }, new Date(Date.now() + 60_000))
  expect(await holding()).toBe(0)
  expect(await sightings(server, canary)).toEqual([])
})
