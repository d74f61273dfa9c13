import { execFileSync } from 'node:child_process'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { query, start, temporaryFolder } from './fixtures/kit.ts'
import type { Postgres } from './postgres.ts'

let folder: string
let backup: string
let server: Postgres

const run = (program: string, ...args: string[]): void => void execFileSync(program, args)

const epoch = async (): Promise<unknown> =>
  (await query(server.url, 'select epoch from log_meta'))[0]

beforeEach(async () => {
  folder = await temporaryFolder()
  server = await start(folder)
  await query(server.url, `create table log_meta as select 'first' as epoch`)
  backup = join(await temporaryFolder(), 'backup')
})

/** The backup is of the first run; what came in the second one is gone when it is put back. */
async function backUpAndGoOn(): Promise<void> {
  await server.stop()
  run('cp', '-a', folder, backup)
  server = await start(folder)
  expect(await epoch()).toEqual({ epoch: 'first' })
  await server.stop()
}

test('to be stopped, killed and started again is no other past', async () => {
  for (const mode of ['fast', 'immediate'] as const) {
    await server.stop(mode)
    server = await start(folder)
    expect(await epoch()).toEqual({ epoch: 'first' })
  }
  process.kill(server.pid, 'SIGKILL')
  await server.exited
  server = await start(folder)
  expect(await epoch()).toEqual({ epoch: 'first' })
})

const restores: Record<string, () => void> = {
  'a copy that is copied back': () => {
    rmSync(folder, { recursive: true })
    run('cp', '-a', backup, folder)
  },
  'a copy that is moved into its place': () => {
    rmSync(folder, { recursive: true })
    renameSync(backup, folder)
  },
  'a copy over what is there': () => run('cp', '-a', `${backup}/.`, folder),
  'an archive that is unpacked over it': () =>
    run('sh', '-c', `tar -C '${backup}' -cf - . | tar -C '${folder}' -xf -`),
  'the cluster alone': () => {
    rmSync(join(folder, 'postgres'), { recursive: true })
    run('cp', '-a', join(backup, 'postgres'), join(folder, 'postgres'))
  },
}

test.each(Object.entries(restores))('%s gets a new epoch, and keeps it', async (_, restore) => {
  await backUpAndGoOn()
  restore()
  server = await start(folder)
  const fresh = await epoch()
  expect(fresh).toEqual({ epoch: expect.stringMatching(/^[0-9a-f]{8}$/) })
  await server.stop()
  server = await start(folder)
  expect(await epoch()).toEqual(fresh)
})
