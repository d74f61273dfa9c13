import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Config } from '@parley/core/config/load'
import { StartError } from '@parley/core/start-error'
import pg from 'pg'
import { UsageError } from './command.ts'

/** Asks whether everything may go. Without a terminal there is nobody to ask: `--yes` says it then. */
export async function confirmReset(what: string, yes: boolean): Promise<void> {
  if (yes) return
  if (!process.stdin.isTTY)
    throw new UsageError('db reset deletes everything; give --yes where nobody can be asked.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(
    `This deletes all people, messages and files in ${what}. Type yes to go on: `,
  )
  terminal.close()
  if (answer.trim().toLowerCase() !== 'yes') throw new StartError('Nothing was deleted.')
}

/** What will be emptied, without the password. */
export function target({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return resolve(dataDir)
  const { host, pathname } = new URL(databaseUrl)
  return `the database ${pathname.slice(1)} on ${host || 'this machine'}`
}

/** Drops all tables, functions and jobs, and the uploaded files; an empty database remains. */
export async function dropEverything(url: string, { dataDir }: Config): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley db reset' })
  await client.connect()
  try {
    // Servers that still run hold locks only for moments; a session that holds one longer is named.
    await client.query(`set lock_timeout = '5s'`)
    await client.query(
      'drop schema public cascade; create schema public; drop schema if exists graphile_worker cascade',
    )
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(`The database could not be emptied (${why}); nothing was deleted.`, {
      cause,
    })
  } finally {
    await client.end()
  }
  await rm(join(dataDir, 'files'), { recursive: true, force: true })
}
