import { readFileSync, writeFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { parseJson } from '../json.ts'
import { StartError } from '../start-error.ts'
import { Identity } from './identity.ts'
import { lockHolder } from './lock.ts'
import { readPassword } from './password.ts'
import { paths } from './paths.ts'
import { type EmbeddedRole, urlOf } from './url.ts'

/** The server that was started last on a folder. */
const Running = Type.Object({ port: Type.Integer(), postmaster: Identity })
export type Running = Static<typeof Running>

export function record(path: string, running: Running): void {
  writeFileSync(path, JSON.stringify(running), { mode: 0o600 })
}

export function recorded(path: string): Running | undefined {
  try {
    return parseJson(readFileSync(path, 'utf8'), Running)
  } catch {
    // Missing; the server's own pid file still tells most of it.
    return undefined
  }
}

/** URL of the database that another process runs on this data folder now, if one does, for this role. */
export function runningDatabase(dataDir: string, role: EmbeddedRole): string | undefined {
  const { lock, running, password } = paths(dataDir)
  if (lockHolder(lock) === undefined) return undefined
  const server = recorded(running)
  return server && urlOf(server.port, readPassword(password), role)
}

export const alreadyRunning = (dataDir: string, { pid }: Identity): StartError =>
  new StartError(`Parley is already running on the data folder ${dataDir} (process ${pid}).`)

/** Throws the sentence about a second start while a process has this data folder. */
export function requireUnused(dataDir: string): void {
  const holder = lockHolder(paths(dataDir).lock)
  if (holder) throw alreadyRunning(dataDir, holder)
}
