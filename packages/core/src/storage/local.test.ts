import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalStorage } from './local.ts'
import type { Storage } from './storage.ts'

let folder: string
let storage: Storage
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-storage-'))
  storage = createLocalStorage(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function* of(...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}
const unfinished = () => readdir(join(folder, 'unfinished'))
const read = async (key: string, range?: { start: number; end: number }) => {
  const stream = await storage.read(key, range)
  return stream && (await buffer(stream))
}

test('what was put is read again, whole or in part, with its size and digest', async () => {
  const bytes = randomBytes(300_000)
  const key = randomUUID()
  const stored = await storage.put(key, of(bytes.subarray(0, 7), bytes.subarray(7)))
  expect(stored).toEqual({
    size: 300_000,
    sha256: createHash('sha256').update(bytes).digest(),
  })
  expect(await read(key)).toEqual(bytes)
  expect(await read(key, { start: 10, end: 19 })).toEqual(bytes.subarray(10, 20))
  for await (const found of storage.keys()) expect(found).toBe(key)
  const path = join(folder, key.slice(0, 2), key.slice(2, 4), key)
  expect((await stat(path)).mode & 0o077).toBe(0)
  await storage.remove(key)
  await storage.remove(key)
  expect(await read(key)).toBeUndefined()
})

test('FI-07: what breaks off is neither there nor left behind', async () => {
  const key = randomUUID()
  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(100_000)
    throw new Error('gone')
  }
  await expect(storage.put(key, broken())).rejects.toThrow('gone')
  expect(await read(key)).toBeUndefined()
  expect(await unfinished()).toEqual([])
})

test('FI-01: what is no key reaches no disk', async () => {
  for (const key of ['../../etc/passwd', '', `${randomUUID()}/x`, `${randomUUID()}.A`, '..'])
    await expect(async () => storage.read(key)).rejects.toThrow('no key')
})

test('FI-07: what a crash left behind is removed, and nothing that is being written', async () => {
  const [old, young] = ['old', 'young'].map((name) => join(folder, 'unfinished', name))
  for (const path of [old ?? '', young ?? '']) await writeFile(path, 'x')
  const before = new Date(Date.now() - 61_000)
  await utimes(old ?? '', before, before)
  await storage.tidy(60_000)
  expect(await unfinished()).toEqual(['young'])
})
