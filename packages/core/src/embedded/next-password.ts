import { randomBytes } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import pg from 'pg'
import { sqlState } from '../db/errors.ts'
import { replacePrivate, syncFolder } from '../private-file.ts'
import type { Account } from './account.ts'
import { readPassword } from './password.ts'
import { type Paths, paths } from './paths.ts'
import { type Postgres, serve } from './serve.ts'
import { superuser } from './url.ts'

/** Makes the password that the next start gives to the superuser, and from which it makes those of the roles. */
export function makeNextPassword(dataDir: string): void {
  const { nextPassword, password } = paths(dataDir)
  replacePrivate(nextPassword, `${randomBytes(32).toString('base64url')}\n`, password)
}

interface Place {
  native: string
  places: Paths
  account: Account | undefined
  password: string
}

/**
 * Gives the superuser the next password where one was made, and returns the one in force. Broken off anywhere, it is done again at the next
 * start: one of the two is the cluster's.
 */
export async function takeNextPassword(place: Place): Promise<string> {
  const { password, nextPassword } = place.places
  if (!existsSync(nextPassword)) return place.password
  const next = readPassword(nextPassword)
  const server = await serveByEither(place, next)
  try {
    await setPassword(server.url, next)
  } finally {
    await server.stop()
  }
  renameSync(nextPassword, password)
  syncFolder(dirname(password))
  return next
}

async function serveByEither(place: Place, next: string): Promise<Postgres> {
  try {
    return await serve(place)
  } catch (error) {
    // A broken off start may have come so far that the next one is its password.
    if (sqlState(error) !== '28P01') throw error
    return serve({ ...place, password: next })
  }
}

async function setPassword(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley start' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`alter role ${superuser} password ${pg.escapeLiteral(password)}`)
  } finally {
    await client.end()
  }
}
