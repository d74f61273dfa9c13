import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../embedded/postgres.ts'
import { replayed, startReplica, synchronizeWith } from './replica.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-replica-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

async function rows(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<pg.QueryResultRow>(text)).rows
  } finally {
    await client.end()
  }
}

test('a replica follows, lacks what it could not receive, and goes on as a primary', async () => {
  const [primaryDataDir, dataDir] = [await folder(), await folder()]
  const primary = await startPostgres({ dataDir: primaryDataDir })
  onTestFinished(() => primary.stop('immediate'))
  await rows(primary.url, 'create table notes (id int)')
  const replica = await startReplica({ primaryUrl: primary.url, primaryDataDir, dataDir })
  onTestFinished(() => replica.stop('immediate'))
  await rows(primary.url, 'insert into notes values (1)')
  await replayed(primary.url, replica)
  expect(await rows(replica.url, 'select id from notes')).toEqual([{ id: 1 }])
  await expect(rows(replica.url, 'insert into notes values (0)')).rejects.toMatchObject({
    code: '25006',
  })

  await synchronizeWith(primary.url, 'replica')
  await rows(primary.url, 'insert into notes values (2)')
  await synchronizeWith(primary.url, undefined)
  await replica.disconnect()
  await rows(primary.url, 'insert into notes values (3)')
  await primary.stop('immediate')
  await replica.promote()
  await rows(replica.url, 'insert into notes values (4)')
  expect(await rows(replica.url, 'select id from notes order by id')).toEqual([
    { id: 1 },
    { id: 2 },
    { id: 4 },
  ])
})
