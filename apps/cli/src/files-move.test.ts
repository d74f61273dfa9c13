import { randomBytes } from 'node:crypto'
import { startS3Server } from '@parley/core/testing/s3-server'
import { until } from '@parley/core/testing/until'
import { afterAll, afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { filesPlace, one, sha256 } from './fixtures/files-place.ts'

const store = await startS3Server()
afterAll(() => store.stop())
let place: Awaited<ReturnType<typeof filesPlace>>
beforeEach(async () => {
  place = await filesPlace(store)
})
afterEach(() => place.stop())

const canary = 'canary-7f3a91'

/** Somebody who uploads and downloads by HTTP. */
async function person(url: string) {
  const account = { username: 'bob', email: 'b@example.org', password: 'a long enough password' }
  const signup = await fetch(`${url}/api/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, workspace: 'Acme' }),
  })
  const token = /"token":"([^"]+)"/.exec(await signup.text())?.[1] ?? ''
  const headers = { authorization: `Bearer ${token}` }
  return {
    async upload(to: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
      const body = new FormData()
      body.append('file', new Blob([bytes]), 'a.bin')
      const response = await fetch(`${to}/api/upload`, { method: 'POST', headers, body })
      return Number(/"id":(\d+)/.exec(await response.text())?.[1])
    },
    async digest(from: string, id: number): Promise<string> {
      const response = await fetch(`${from}/api/files/${id}`, { headers })
      return sha256(new Uint8Array(await response.arrayBuffer()))
    },
  }
}

test('files move to a store and back while people send others, and none is lost or left behind', async () => {
  const sent = new Map<number, string>()
  let server = await place.server('local')
  const bob = await person(server.url)
  const send = async (bytes: Buffer): Promise<void> => {
    const copy = new Uint8Array(bytes)
    sent.set(await bob.upload(server.url, copy), sha256(copy))
  }
  const restart = async (kind: 'local' | 's3'): Promise<void> => {
    await server.stop()
    server = await place.server(kind)
  }
  const expectAll = async (): Promise<void> => {
    const found = [...sent.keys()].map(async (id) => [id, await bob.digest(server.url, id)])
    expect(await Promise.all(found)).toEqual([...sent])
  }
  for (const size of [0, 1, 100_000, 9_000_000]) await send(randomBytes(size))
  await send(Buffer.from(`a ${canary} in it`))
  const [id = 0] = sent.keys()
  const key = String(await place.value('select storage_key from files where id = $1', id))
  await place.value(
    `select describe_file($1, '{"renditions":[{"name":"thumb_360","mime":"image/webp","size":5}]}')`,
    id,
  )
  await place.storages.local.put(`${key}.thumb_360`, one(Buffer.from('small')))

  const moving = place.run('files move --to s3', 'local')
  for (let n = 0; n < 12 && moving.child.exitCode === null; n++) await send(randomBytes(1000))
  expect([await moving.ended, moving.stderr()]).toEqual([0, ''])
  expect(moving.stdout()).toMatch(
    /^Copied \d+ \([\d.]+ MiB\)\.\n[^]*The files are in s3\.\nNow set /,
  )
  await send(Buffer.from('after the move, before the restart'))
  const early = await place.parley('files move --to s3 --remove-old', 'local')
  expect([early.code, early.stdout]).toEqual([1, ''])
  expect(early.stderr).toContain('PARLEY_STORAGE is local here')

  await restart('s3')
  await send(Buffer.from('after the restart'))
  expect(await place.parley('files move --to s3', 's3')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('The files are in s3.\nThe old ones can go: add --remove-old.'),
  })
  await expectAll()
  expect(await place.isInFolder(canary)).toBe(true)
  expect(await place.parley('files move --to s3 --remove-old', 's3')).toMatchObject({
    code: 0,
    stdout: `The files are in s3.\nRemoved ${sent.size} from the old storage.\n`,
  })
  expect([await place.keys('local'), await place.isInFolder(canary)]).toEqual([[], false])
  await expectAll()
  expect(await place.keys('s3')).toHaveLength(sent.size + 1)

  expect(await place.parley('files move --to local', 's3')).toMatchObject({ code: 0 })
  await restart('local')
  expect(await place.parley('files move --to local --remove-old', 'local')).toMatchObject({
    code: 0,
    stdout: `The files are in local.\nRemoved ${sent.size + 1} from the old storage.\n`,
  })
  await expectAll()
  expect(await place.keys('s3')).toEqual([])
  expect(await place.parley('files check --hash', 'local')).toMatchObject({
    code: 0,
    stdout: `Checked ${sent.size + 1} in local: nothing is wrong.\n`,
  })
  await server.stop()
}, 120_000)

test('a move that was killed, or stopped by a full store, goes on where it was', async () => {
  const keys = []
  for (let n = 0; n < 40; n++) keys.push(await place.file('local', randomBytes(300_000)))
  onTestFinished(() => store.fill(false))
  await store.fill(true)
  expect(await place.parley('files move --to s3', 'local')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'It stopped in the middle: the store is full. Run it again.\n',
  })
  await store.fill(false)
  expect(await place.keys('s3')).toEqual([])

  const killed = place.run('files move --to s3', 'local')
  await until(async () => (await place.keys('s3')).length > 0)
  killed.child.kill('SIGKILL')
  expect(await killed.ended).toBe('SIGKILL')
  const done = (await place.keys('s3')).length
  expect(done).toBeLessThan(40)
  const again = await place.parley('files move --to s3', 'local')
  expect(again.code).toBe(0)
  expect(Number(/^Copied (\d+) /.exec(again.stdout)?.[1])).toBeLessThanOrEqual(40 - done)
  expect(await place.keys('s3')).toEqual(keys.toSorted())
  expect(await place.parley('files check --hash', 's3')).toMatchObject({ code: 0 })
})

test('what is damaged or missing is named and not copied, and everything else is', async () => {
  const good = await place.file('local', Buffer.from('good'))
  const bad = await place.file('local', Buffer.from('good'))
  const gone = await place.file('local', Buffer.from('good'))
  await place.storages.local.put(bad, one(Buffer.from('evil')))
  await place.storages.local.remove(gone)
  const { code, stdout, stderr } = await place.parley('files move --to s3', 'local')
  expect([code, stderr]).toEqual([1, '2 could not be copied; all others were.\n'])
  expect(stdout).toMatch(new RegExp(`^Damaged: file \\d+ has other bytes .*${bad}`, 'm'))
  expect(stdout).toMatch(new RegExp(`^Missing: the bytes of file \\d+ \\(${gone}\\)`, 'm'))
  expect(await place.keys('s3')).toEqual([good])
})

test('an old file whose copy is not what it should be stays', async () => {
  const key = await place.file('local', Buffer.from('good'))
  expect(await place.parley('files move --to s3', 'local')).toMatchObject({ code: 0 })
  await place.storages.s3.put(key, one(Buffer.from('evil')))
  expect(await place.parley('files move --to s3 --remove-old', 's3')).toMatchObject({
    code: 1,
    stderr: `The copy of ${key} is not what it should be; it stays.\n`,
  })
  expect(await place.keys('local')).toEqual([key])
})

test('a deleted file is left in neither storage once the old one is cleared', async () => {
  const key = await place.file('local', Buffer.from(canary))
  await place.file('local', Buffer.from('kept'))
  expect(await place.parley('files move --to s3', 'local')).toMatchObject({ code: 0 })
  await place.value('delete from files where storage_key = $1', key)
  await place.storages.s3.remove(key)
  expect(await place.parley('files move --to s3 --remove-old', 's3')).toMatchObject({ code: 0 })
  expect(await place.isInFolder(canary)).toBe(false)
  expect(await place.keys('s3')).toHaveLength(1)
})

test('a move needs to know where to, and a store its settings', async () => {
  const words = ['files move', 'files move --to moon', 'files move --help']
  const [none, moon, help] = await Promise.all(words.map((one) => place.parley(one, 'local')))
  for (const wrong of [none, moon])
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--to needs s3 or local.'),
    })
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--remove-old') })
})
