import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import pg from 'pg'
import { migrate } from '../db/migrate.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { embeddedRoles, owner } from '../embedded/url.ts'
import { asRole } from './database.ts'
import { endWithUs } from './end-with-us.ts'
import { template } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The throw-away server's superuser, connected to `postgres`. */
    postgresUrl: string
  }
}

/**
 * For vitest's `globalSetup`: one throw-away PostgreSQL for the whole run. Nothing in it outlives
 * the run, so it may forget everything on a crash and need not wait for the disk.
 */
// vitest takes a default export or one named setup.
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(await roomyFolder(), 'parley-test-'))
  const server = await startPostgres({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
      autovacuum_naptime: '60s',
    },
  })
  // Files in memory that nobody removes take it until the machine starts anew.
  const dismiss = endWithUs(server.pid, dataDir)
  const url = server.url.replace(/(?<=\/)[^/]*$/, 'postgres')
  await makeTemplate(url)
  project.provide('postgresUrl', url)
  return async () => {
    await server.stop('immediate')
    dismiss()
    await rm(dataDir, { recursive: true, force: true })
  }
}

const memory = '/dev/shm'
const enough = 2 ** 30

/**
 * Files in memory where there is room: ext4 takes up to half a second to make those of a database in the
 * minute after another was dropped, as it looks past each inode that was free for less.
 */
async function roomyFolder(): Promise<string> {
  const room = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  )
  return room >= enough ? memory : tmpdir()
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${template} owner ${owner}`)
  await migrate(asRole(url.replace(/(?<=\/)[^/]*$/, template), owner), embeddedRoles)
  await client.query(`alter database ${template} with is_template true allow_connections false`)
  await client.end()
}
