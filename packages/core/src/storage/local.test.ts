import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

test('a file lies under the beginning of its key, for nobody else to read', async () => {
  const key = randomUUID()
  await storage.put(key, of(randomBytes(10)))
  const path = join(folder, key.slice(0, 2), key.slice(2, 4), key)
  expect((await stat(path)).mode & 0o077).toBe(0)
  await storage.remove(key)
})

test('FI-07: what breaks off is neither there nor left behind', async () => {
  const key = randomUUID()
  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(100_000)
    throw new Error('gone')
  }
  await expect(storage.put(key, broken())).rejects.toThrow('gone')
  expect(await storage.read(key)).toBeUndefined()
  expect(await unfinished()).toEqual([])
})

test('FI-07: what a crash left behind is removed, and nothing that is being written', async () => {
  const [old, young] = ['old', 'young'].map((name) => join(folder, 'unfinished', name))
  for (const path of [old ?? '', young ?? '']) await writeFile(path, 'x')
  const before = new Date(Date.now() - 61_000)
  await utimes(old ?? '', before, before)
  await storage.tidy(60_000)
  expect(await unfinished()).toEqual(['young'])
})
