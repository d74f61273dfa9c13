import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { StartError } from '../start-error.ts'
import { isRoot, start, startElsewhere, temporaryFolder } from './fixtures/kit.ts'

test('the database of another PostgreSQL version is refused and left as it is', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres'))
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n')
  await expect(start(folder)).rejects.toThrow(
    /was made by PostgreSQL 17 and this version of Parley brings PostgreSQL 18/,
  )
  expect(await readdir(join(folder, 'postgres'))).toEqual(['PG_VERSION'])
})

test('a folder with other files in it is refused and left as it is', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'letter.txt'), 'Dear')
  await expect(start(folder)).rejects.toThrow(/is not empty and was not made by Parley/)
  expect(await readdir(folder)).toEqual(['letter.txt'])
})

test('a database folder that holds something else is refused and left as it is', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'postgres'))
  await writeFile(join(folder, 'postgres', 'letter.txt'), 'Dear')
  await expect(start(folder)).rejects.toThrow(/holds no PostgreSQL database/)
  expect(await readFile(join(folder, 'postgres', 'letter.txt'), 'utf8')).toBe('Dear')
})

test('a path that is a file is refused', async () => {
  const file = join(await temporaryFolder(), 'letter.txt')
  await writeFile(file, 'Dear')
  await expect(start(file)).rejects.toThrow(`The data folder ${file} is not a folder.`)
})

test.runIf(isRoot)('a folder that an ordinary account may not write is refused', async () => {
  const folder = await temporaryFolder()
  await chmod(folder, 0o755)
  await expect(startElsewhere(folder, { uid: 65534 })).rejects.toThrow(
    /may not be written by this account/,
  )
})

const mounts = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0

test.runIf(mounts)('a full disk is one sentence and leaves nothing half-made', async () => {
  const folder = await temporaryFolder()
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'parley-test', folder]).status !== 0)
    return
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  const failure = await start(folder).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StartError)
  expect(String(failure)).toMatch(/The disk is full/)
  expect(await readdir(folder)).toEqual(['postgres.password'])
})
