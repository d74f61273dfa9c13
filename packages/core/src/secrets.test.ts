import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { loadSecrets } from './secrets.ts'

let dataDir: string
let file: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-secrets-'))
  file = join(dataDir, 'secrets.json')
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
})

test('AU-26: the first start makes the secrets, the next ones read them', () => {
  const first = loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })
  expect(first.masterKey).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataDir)).toEqual(['secrets.json'])
  expect(loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })).toEqual(first)
})

test('a master key from the settings or from a file wins', () => {
  const masterKey = Buffer.alloc(32, 7).toString('base64url')
  const given = loadSecrets({ dataDir, masterKey, masterKeyFile: undefined })
  expect(given.masterKey).toEqual(Buffer.alloc(32, 7))
  const masterKeyFile = join(dataDir, 'key')
  writeFileSync(masterKeyFile, `${masterKey}\n`)
  expect(loadSecrets({ dataDir, masterKey: undefined, masterKeyFile })).toEqual(given)
  writeFileSync(masterKeyFile, 'short')
  expect(() => loadSecrets({ dataDir, masterKey: undefined, masterKeyFile })).toThrow(
    /must be 32 random bytes/,
  )
})

test('AU-26: a secrets file that others may read is refused', () => {
  loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })
  chmodSync(file, 0o640)
  expect(() => loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })).toThrow(
    /Other accounts may read/,
  )
})

test.each(['', '{', '{}', '{"instance_id":"x","master_key":"short"}', 'null'])(
  'a damaged secrets file (%j) is refused and kept',
  (text) => {
    writeFileSync(file, text, { mode: 0o600 })
    expect(() => loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })).toThrow(
      /is damaged/,
    )
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)
