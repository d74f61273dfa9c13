import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { freePort } from '../free-port.ts'
import { StartError } from '../start-error.ts'
import { startS3Server } from '../testing/s3-server.ts'
import { openStorage } from './open.ts'

const folder = await mkdtemp(join(tmpdir(), 'parley-open-'))
const server = await startS3Server()
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const open = (more: Record<string, string> = {}) =>
  openStorage(loadConfig({ ...server.settings, PARLEY_DATA_DIR: folder, ...more }))
const { PARLEY_S3_ENDPOINT: endpoint, PARLEY_S3_SECRET_KEY: _, ...others } = server.settings

test('the key to a store may be in a file, and the file in no other shape', async () => {
  const file = join(folder, 'key')
  const settings = { ...others, PARLEY_S3_ENDPOINT: endpoint, PARLEY_S3_SECRET_KEY_FILE: file }
  const openByFile = () => openStorage(loadConfig(settings))
  await expect(openByFile()).rejects.toThrow(`The file ${file} cannot be read (ENOENT).`)
  await writeFile(file, 'S3RVER\n')
  const storage = await openByFile()
  for await (const { key } of storage.list()) expect(key).toBe('none')
  await writeFile(file, 'two words\n')
  await expect(openByFile()).rejects.toThrow('and no more')
})

test('a store that does not let us in is one sentence on what to set, without a secret', async () => {
  const cases = [
    [{ PARLEY_S3_SECRET_KEY: 'hunter2' }, 'correct PARLEY_S3_SECRET_KEY.'],
    [{ PARLEY_S3_ACCESS_KEY: 'hunter2' }, 'correct PARLEY_S3_ACCESS_KEY.'],
    [
      { PARLEY_S3_BUCKET: 'elsewhere' },
      `The bucket elsewhere at ${endpoint} cannot be used: the bucket is not there; make the bucket, or correct PARLEY_S3_BUCKET.`,
    ],
    [
      { PARLEY_S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` },
      'the store cannot be reached (ECONNREFUSED); look at PARLEY_S3_ENDPOINT.',
    ],
  ] as const
  for (const [settings, sentence] of cases) {
    const error: unknown = await open(settings).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(StartError)
    expect(String(error)).toContain(sentence)
    expect(String(error)).not.toContain('hunter2')
  }
})

test('the storage that is not in force needs its settings too', async () => {
  const config = loadConfig({ PARLEY_DATA_DIR: folder })
  await expect(openStorage(config, 's3')).rejects.toThrow('PARLEY_S3_BUCKET is needed')
})
