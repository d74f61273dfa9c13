import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { startS3Server } from '../testing/s3-server.ts'
import { s3Storage } from '../testing/s3-storage.ts'
import { createLocalStorage } from './local.ts'
import { partSize } from './s3-parts.ts'
import type { ByteRange } from './storage.ts'

const folder = await mkdtemp(join(tmpdir(), 'parley-storage-'))
const server = await startS3Server()
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function* of(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

describe.each([
  ['a folder', createLocalStorage(folder)],
  ['an S3 store', s3Storage(server)],
])('%s', (_name, storage) => {
  const read = async (key: string, range?: ByteRange) => {
    const stream = await storage.read(key, range)
    return stream && (await buffer(stream))
  }
  const listed = async () => {
    const found = []
    for await (const entry of storage.list()) found.push(entry)
    return found
  }

  test.each([0, 1, 300_000, partSize, partSize + 1, 2 * partSize + 7])(
    'FI-07: what was put is read again, whole or in part, with its size and digest: %d bytes',
    async (size) => {
      const bytes = randomBytes(size)
      const key = randomUUID()
      expect(await storage.put(key, of(bytes.subarray(0, 7), bytes.subarray(7)))).toEqual({
        size,
        sha256: sha256(bytes),
      })
      expect((await read(key))?.equals(bytes)).toBe(true)
      const ranges = [
        { start: 0, end: size - 1 },
        { start: 10, end: size - 9 },
        { start: size - 1, end: size - 1 },
      ].filter(({ start, end }) => end > 0 && start <= end)
      for (const range of ranges) {
        const part = await read(key, range)
        expect(part?.equals(bytes.subarray(range.start, range.end + 1))).toBe(true)
      }
      const [found] = await listed()
      expect(found).toMatchObject({ key, size })
      expect(Math.abs(Date.now() - (found?.writtenAt ?? 0))).toBeLessThan(60_000)
      await storage.remove(key)
      await storage.remove(key)
      expect(await read(key)).toBeUndefined()
      expect(await read(key, { start: 0, end: 1 })).toBeUndefined()
      expect(await listed()).toEqual([])
    },
  )

  test('a rendition has a key of its own beside its file’s', async () => {
    const key = randomUUID()
    await storage.put(key, of(Buffer.from('whole')))
    await storage.put(`${key}.thumb_360`, of(Buffer.from('small')))
    await storage.remove(key)
    expect(String(await read(`${key}.thumb_360`))).toBe('small')
    const keys = []
    for await (const { key: found } of storage.list()) keys.push(found)
    expect(keys).toEqual([`${key}.thumb_360`])
    await storage.remove(`${key}.thumb_360`)
  })

  test.each([1, 2 * partSize])(
    'FI-07: what breaks off after %d bytes is not there',
    async (size) => {
      const key = randomUUID()
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield randomBytes(size)
        throw new Error('gone')
      }
      await expect(storage.put(key, broken())).rejects.toThrow('gone')
      expect(await read(key)).toBeUndefined()
      expect(await server.uploads()).toEqual([])
    },
  )

  test('FI-01: what is no key reaches no storage', async () => {
    for (const key of ['../../etc/passwd', '', `${randomUUID()}/x`, `${randomUUID()}.A`, '..']) {
      await expect(async () => storage.read(key)).rejects.toThrow('no key')
      await expect(async () => storage.put(key, of())).rejects.toThrow('no key')
      await expect(async () => storage.remove(key)).rejects.toThrow('no key')
    }
  })

  test('a reader that goes away in the middle is no error of the storage', async () => {
    const key = randomUUID()
    await storage.put(key, of(randomBytes(3_000_000)))
    for (let time = 0; time < 20; time++) {
      const stream = await storage.read(key)
      stream?.once('readable', () => stream.destroy())
      stream?.resume()
      await new Promise((resolve) => stream?.once('close', resolve))
    }
    expect((await read(key))?.length).toBe(3_000_000)
    await storage.remove(key)
  })
})
