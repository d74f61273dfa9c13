import { createHash, randomBytes } from 'node:crypto'
import { deleteMessage, removeWorkspaceMember, sendMessage } from '@parley/contract'
import { startS3Server } from '@parley/core/testing/s3-server'
import { until } from '@parley/core/testing/until'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Person, startChatServer } from './fixtures/chat-server.ts'
import { bearer, formOf, png, post, refusalOf, uploaded } from './fixtures/files.ts'

interface Ask extends Omit<RequestInit, 'headers'> {
  headers?: Record<string, string>
}

const store = await startS3Server()
const onDisk = await startChatServer()
const inStore = await startChatServer({ ...store.settings, PARLEY_S3_PREFIX: 'parley' })
afterAll(async () => {
  await Promise.all([onDisk.stop(), inStore.stop()])
  await store.stop()
})

describe.each([
  ['a folder', onDisk],
  ['an S3 store', inStore],
])('files in %s', async (name, server) => {
  const [anna, bob, mallory] = [
    await server.person('anna'),
    await server.person('bob'),
    await server.person('mallory'),
  ]
  const { id: workspace, general } = await server.workspace(anna, bob)
  await server.workspace(mallory)

  const sent = async (called: string, bytes: Uint8Array<ArrayBuffer>) => {
    const { id } = await uploaded(server.url, anna, called, bytes)
    const params = { id: general }
    return {
      id,
      message: await anna.call(sendMessage, { params, body: { content: '', files: [id] } }),
    }
  }
  const download = async (by: Person, id: number, { headers = {}, ...init }: Ask = {}) =>
    fetch(`${server.url}/api/files/${id}`, { ...init, headers: { ...bearer(by), ...headers } })
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

  test('20 MB go in and out, whole and in part', async () => {
    const bytes = randomBytes(20_000_000)
    const { id } = await sent('large.bin', new Uint8Array(bytes))
    const whole = await download(bob, id)
    expect(whole.headers.get('content-length')).toBe('20000000')
    expect(sha256(new Uint8Array(await whole.arrayBuffer()))).toBe(sha256(bytes))
    const part = await download(bob, id, { headers: { range: 'bytes=9000000-9000009' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      'bytes 9000000-9000009/20000000',
    ])
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(9_000_000, 9_000_010))).toBe(
      true,
    )
    const head = await download(bob, id, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('a picture is looked into wherever it lies', async () => {
    const { id } = await sent('wide.png', png(2000, 1500))
    await until(() => server.value('select looked_at from files where id = $1', id), {
      timeoutMs: 20_000,
    })
    expect(await server.value('select width from files where id = $1', id)).toBe(2000)
    const thumb = await fetch(`${server.url}/api/files/${id}?rendition=thumb`, {
      headers: bearer(bob),
    })
    expect(thumb.headers.get('content-type')).toBe('image/webp')
  })

  test('AZ-07: nobody gets what they may not see, wherever it lies', async () => {
    const { id } = await sent('a.txt', new TextEncoder().encode('canary'))
    for (const [who, init] of [
      [mallory, {}],
      [mallory, { method: 'HEAD' }],
      [mallory, { headers: { range: 'bytes=0-1' } }],
    ] as const)
      expect((await download(who, id, init)).status).toBe(404)
    expect((await fetch(`${server.url}/api/files/${id}`)).status).toBe(401)
    const lead = await download(bob, id, { redirect: 'manual' })
    const address = new URL(lead.headers.get('location') ?? '', server.url)
    expect(await (await fetch(address)).text()).toBe('canary')
    const forged = new URL(address)
    forged.searchParams.set('u', String(mallory.id))
    expect((await fetch(forged)).status).toBe(404)
    await bob.call(removeWorkspaceMember, { params: { id: workspace, user_id: bob.id } })
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(address, { method })).status).toBe(404)
  })

  test('FI-03: an upload that breaks off leaves nothing in the storage', async () => {
    const before = new Set<string>()
    for await (const { key } of server.storage.list()) before.add(key)
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(
          new TextEncoder().encode(
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
          ),
        )
        controller.enqueue(new Uint8Array(9 * 1024 * 1024))
      },
    })
    const gone = new AbortController()
    const request = fetch(`${server.url}/api/upload`, {
      method: 'POST',
      headers: { ...bearer(anna), 'content-type': 'multipart/form-data; boundary=x' },
      body: slow,
      duplex: 'half',
      signal: gone.signal,
    })
    const pending = () => server.value(`select count(*) from files where state = 'pending'`)
    await until(async () => (await pending()) === 1)
    if (name === 'an S3 store') await until(async () => (await store.uploads()).length === 1)
    gone.abort()
    await expect(request).rejects.toThrow('aborted')
    await until(async () => (await pending()) === 0)
    await until(async () => (await store.uploads()).length === 0)
    for await (const { key } of server.storage.list()) expect(before).toContain(key)
  })

  test('with a message its file is to be removed from the storage', async () => {
    const { id, message } = await sent('b.txt', new TextEncoder().encode('canary'))
    const key = await server.value('select storage_key::text from files where id = $1', id)
    await anna.call(deleteMessage, { params: { id: general, message_id: message.id } })
    expect((await download(anna, id)).status).toBe(404)
    expect(await server.value('select count(*) from file_garbage where key = $1', key)).toBe(1)
  })
})

test('FI-03: a store that is full or away is said so, and nothing is counted', async () => {
  onTestFinished(() => store.fill(false))
  const carol = await inStore.person('carol')
  const used = () =>
    inStore.value(`select bytes from file_use where scope = 'user' and id = $1`, carol.id)
  await store.fill(true)
  expect(await refusalOf(await post(inStore.url, carol, formOf(['a', 'x'])))).toBe(
    '507 storage_full',
  )
  await store.fill(false)
  const file = await uploaded(inStore.url, carol, 'a', 'kept')
  await store.kill()
  const away = await post(inStore.url, carol, formOf(['a', 'x']))
  expect(away.headers.get('retry-after')).toBe('5')
  expect(await refusalOf(away)).toBe('503 unavailable')
  const read = await fetch(`${inStore.url}/api/files/${file.id}`, { headers: bearer(carol) })
  expect(await refusalOf(read)).toBe('503 unavailable')
  await store.again()
  expect(await used()).toBe(4)
  const again = await fetch(`${inStore.url}/api/files/${file.id}`, { headers: bearer(carol) })
  expect(await again.text()).toBe('kept')
})
