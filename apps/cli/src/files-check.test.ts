import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { startS3Server } from '@parley/core/testing/s3-server'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { filesPlace, one } from './fixtures/files-place.ts'

const store = await startS3Server()
afterAll(() => store.stop())
let place: Awaited<ReturnType<typeof filesPlace>>
beforeEach(async () => {
  place = await filesPlace(store)
})
afterEach(() => place.stop())

const bytes = (text: string) => Buffer.from(text)

describe.each(['local', 's3'] as const)('in the storage %s', (kind) => {
  const check = (more = '') => place.parley(`files check${more}`, kind)
  const put = (key: string, text: string) => place.storages[kind].put(key, one(bytes(text)))

  /** A blob of nobody’s that was written two days ago. */
  async function old(key: string): Promise<void> {
    await put(key, 'unused')
    const age = 2 * 24 * 3_600_000
    if (kind === 's3') return store.age(`${place.prefix}${key}`, age)
    const then = new Date(Date.now() - age)
    await utimes(join(place.dataDir, 'files', key.slice(0, 2), key.slice(2, 4), key), then, then)
  }

  test('each kind of fault is named, and nothing else', async () => {
    await place.file(kind, bytes('good'))
    const missing = await place.file(kind, bytes('good'))
    await place.storages[kind].remove(missing)
    const short = await place.file(kind, bytes('good'))
    await put(short, 'goo')
    const damaged = await place.file(kind, bytes('good'))
    await put(damaged, 'evil')
    const unused = randomUUID()
    await old(unused)

    const { code, stdout, stderr } = await check()
    expect([code, stderr]).toEqual([1, `Checked 4 in ${kind}: 3 faults.\n`])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/file \d+/, 'file N')).toSorted()).toEqual([
      `Missing: the bytes of file N (${missing}).`,
      `Unused: nothing refers to ${unused} (6 B).`,
      `Wrong size: file N has 3 bytes in place of 4 (${short}).`,
    ])
    const deep = await check(' --hash')
    expect([deep.code, deep.stderr]).toEqual([1, `Checked 4 in ${kind}: 4 faults.\n`])
    expect(deep.stdout).toMatch(new RegExp(`^Damaged: file \\d+ has other bytes .*${damaged}`, 'm'))
  })

  test('what nobody refers to is removed when that is asked for, and only when it is old', async () => {
    const kept = await place.file(kind, bytes('good'))
    await place.value(
      `select describe_file(id, '{"renditions":[{"name":"thumb","mime":"image/webp","size":5}]}')
       from files`,
    )
    await put(`${kept}.thumb`, 'small')
    const [unused, rendition, young, queued, pending] = [
      randomUUID(),
      `${kept}.other`,
      randomUUID(),
      randomUUID(),
      await place.file(kind, bytes('on its way')),
    ]
    await place.value(
      `update files set state = 'pending', sha256 = null where storage_key = $1`,
      pending,
    )
    await place.value('insert into file_garbage (key) values ($1)', queued)
    for (const key of [unused, rendition, queued]) await old(key)
    await put(young, 'young')

    const fixed = await check(' --fix')
    expect(fixed).toEqual({
      code: 0,
      stdout: [
        'Removed 2 that nothing refers to.',
        'Nothing refers to 1 more; younger than a day, they may be on their way.',
        `Checked 2 in ${kind}: nothing is wrong.`,
        '',
      ].join('\n'),
      stderr: '',
    })
    expect(await place.keys(kind)).toEqual(
      [kept, `${kept}.thumb`, young, queued, pending].toSorted(),
    )
  })
})

test('a store that cannot be asked is one sentence and exit code 1', async () => {
  await store.kill()
  const { code, stdout, stderr } = await place.parley('files check', 's3')
  await store.again()
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('the store cannot be reached (ECONNREFUSED)')
})
