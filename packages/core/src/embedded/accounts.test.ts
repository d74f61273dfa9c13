import { chmod, chown, cp, lstat, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findBinaries, program } from './binaries.ts'
import { copyForEverybody } from './copy.ts'
import { isRoot, query, start, startElsewhere, temporaryFolder } from './fixtures/kit.ts'
import { listLinks, makeLinks } from './links.ts'

const nobody = 65534

test.runIf(isRoot)(
  'root hands the database to nobody, also below a closed home folder',
  async () => {
    const home = await temporaryFolder()
    const folder = join(home, 'project', '.parley')
    const server = await start(folder)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
    expect(await query(server.url, 'create table notes ()')).toEqual([])
    expect((await stat(join(folder, 'postgres'))).uid).toBe(nobody)
    expect((await stat(folder)).uid).toBe(0)
    await server.stop()
    await start(folder)
  },
)

test.runIf(isRoot)('an ordinary account runs the database as itself', async () => {
  const folder = await temporaryFolder()
  await chown(folder, nobody, nobody)
  const { url } = await startElsewhere(folder, { uid: nobody, env: { PATH: process.env['PATH'] } })
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test.runIf(isRoot)("an ordinary account is told when the database is root's", async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres'))
  await chown(folder, nobody, nobody)
  await expect(startElsewhere(folder, { uid: nobody })).rejects.toThrow(
    /belongs to another account \(id 0\)/,
  )
})

test.runIf(isRoot)(
  'the copy of the programs is readable by everybody and writable by root alone',
  async () => {
    const cache = await mkdtemp('/var/cache/parley-test-')
    onTestFinished(() => rm(cache, { recursive: true }))
    await chmod(cache, 0o755)
    const copy = copyForEverybody(findBinaries(), cache)
    expect((await stat(program(copy, 'postgres'))).mode & 0o777).toBe(0o755)
    expect((await stat(join(copy, 'share'))).mode & 0o777).toBe(0o755)
    expect((await lstat(join(copy, 'lib', 'libpq.so.5'))).isSymbolicLink()).toBe(true)
    expect(copyForEverybody(findBinaries(), cache)).toBe(copy)
    await chmod(cache, 0o777)
    expect(() => copyForEverybody(findBinaries(), cache)).toThrow(/Root will not run programs from/)
  },
)

test('library links that a blocked install script left out are made', async () => {
  const { native } = findBinaries()
  const copy = join(await temporaryFolder(), 'native')
  await cp(join(native, 'pg-symlinks.json'), join(copy, 'pg-symlinks.json'))
  for (const { source } of listLinks(native)) {
    await mkdir(dirname(join(copy, source)), { recursive: true })
    await cp(join(native, source), join(copy, source))
  }
  makeLinks(copy)
  for (const { target } of listLinks(native))
    expect((await stat(join(copy, target))).isFile()).toBe(true)
})
