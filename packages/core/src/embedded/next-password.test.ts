import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { query, start, temporaryFolder } from './fixtures/kit.ts'
import { makeNextPassword } from './next-password.ts'
import { runningDatabase } from './running.ts'

const filesOf = (folder: string) => ({
  now: join(folder, 'postgres.password'),
  next: join(folder, 'postgres.password.next'),
})

test('the next password is the one from the next start on, and those of the roles with it', async () => {
  const folder = await temporaryFolder()
  const { now, next } = filesOf(folder)
  const first = await start(folder)
  await query(first.url, 'create table notes as select 1 as id')
  await first.stop()
  const old = await readFile(now, 'utf8')
  makeNextPassword(folder)
  expect((await stat(next)).mode & 0o777).toBe(0o600)
  const made = await readFile(next, 'utf8')
  expect(made).not.toBe(old)
  const second = await start(folder)
  expect(await readFile(now, 'utf8')).toBe(made)
  expect((await stat(now)).mode & 0o777).toBe(0o600)
  expect(existsSync(next)).toBe(false)
  expect(await query(second.url, 'select id from notes')).toEqual([{ id: 1 }])
  for (const role of ['owner', 'app', 'notify'] as const) {
    const url = runningDatabase(folder, role) ?? ''
    expect(url).toBe(second.urlFor(role))
    expect(await query(url, 'select 1 as ok')).toEqual([{ ok: 1 }])
    const before = new URL(url)
    before.password = new URL(first.urlFor(role)).password
    await expect(query(before.href, 'select')).rejects.toThrow(/password authentication failed/)
  }
})

test('broken off when the cluster has the next password and the file not yet, the next start goes on', async () => {
  const folder = await temporaryFolder()
  const { now, next } = filesOf(folder)
  const first = await start(folder)
  makeNextPassword(folder)
  const made = await readFile(next, 'utf8')
  await query(first.url, `alter role parley password '${made.trim()}'`)
  await first.stop()
  const second = await start(folder)
  expect(await query(second.url, 'select 1 as ok')).toEqual([{ ok: 1 }])
  expect(await readFile(now, 'utf8')).toBe(made)
  expect(existsSync(next)).toBe(false)
})
