import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alive, query, start, startElsewhere, temporaryFolder } from './fixtures/kit.ts'
import { until } from '../testing/until.ts'
import { runningDatabase } from './running.ts'

test('a new folder gets a UTF-8 database, and the next start finds what was written', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  await query(first.url, "create table notes as select 'é' as text")
  await first.stop()
  expect(alive(first.pid)).toBe(false)
  const second = await start(folder)
  expect(await query(second.url, "select text, lower('É') as small from notes")).toEqual([
    { text: 'é', small: 'é' },
  ])
})

test('without changes the database waits for the disk, listens on loopback only and asks for the password', async () => {
  const folder = await temporaryFolder()
  const server = await start(folder, { settings: { fsync: 'on' } })
  const text = `select name, setting from pg_settings where name in
    ('fsync', 'listen_addresses', 'synchronous_commit', 'unix_socket_directories') order by name`
  expect(await query(server.url, text)).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'synchronous_commit', setting: 'on' },
    { name: 'unix_socket_directories', setting: '' },
  ])
  await expect(query(server.url.replace(/:[^:@]*@/, ':guess@'), 'select')).rejects.toThrow(
    /password authentication failed/,
  )
  expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600)
})

test('a second start on the same folder says that the first one runs', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  expect(runningDatabase(folder, 'superuser')).toBe(first.url)
  expect(runningDatabase(folder, 'app')).toBe(first.urlFor('app'))
  await expect(start(folder)).rejects.toThrow(
    `Parley is already running on the data folder ${folder} (process ${process.pid}).`,
  )
  await expect(startElsewhere(folder)).rejects.toThrow('is already running')
  await first.stop()
  expect(runningDatabase(folder, 'superuser')).toBeUndefined()
})

test('a database that was killed is noticed and recovers at the next start', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  await query(first.url, 'create table notes as select 1 as id')
  process.kill(first.pid, 'SIGKILL')
  await first.exited
  const second = await start(folder)
  expect(await query(second.url, 'select id from notes')).toEqual([{ id: 1 }])
})

test('a database whose master was killed ends by itself', async () => {
  const folder = await temporaryFolder()
  const { child, pid } = await startElsewhere(folder)
  child.kill('SIGKILL')
  await until(() => !alive(pid), { what: 'the database to end' })
  await start(folder)
})

test('a database that was left behind is ended by the next start and loses nothing', async () => {
  const folder = await temporaryFolder()
  const { child, pid, url } = await startElsewhere(folder)
  // Its guard asks it to end; a stopped process cannot hear that yet.
  process.kill(pid, 'SIGSTOP')
  child.kill('SIGKILL')
  await until(() => !alive(child.pid ?? 0), { what: 'the master to end' })
  process.kill(pid, 'SIGCONT')
  const next = await start(folder)
  expect(next.pid).not.toBe(pid)
  expect(next.url).not.toBe(url)
  expect(alive(pid)).toBe(false)
})

test('a pid file whose number belongs to another program now is no obstacle', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  const file = join(folder, 'postgres', 'postmaster.pid')
  const text = await readFile(file, 'utf8')
  await first.stop('immediate')
  const other = await start(await temporaryFolder())
  await writeFile(file, text.replace(String(first.pid), String(other.pid)))
  await start(folder)
  expect(alive(other.pid)).toBe(true)
})

test('the port can be chosen, and a taken one is one sentence', async () => {
  const first = await start(await temporaryFolder())
  await expect(start(await temporaryFolder(), { port: first.port })).rejects.toThrow(
    `Port ${first.port} for PostgreSQL is taken by another program.`,
  )
})
