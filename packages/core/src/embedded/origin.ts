import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { Type } from 'typebox'
import { parseJson } from '../json.ts'
import type { Paths } from './paths.ts'

/** The file that PostgreSQL writes anew at each start, and when that was, in nanoseconds since 1970. */
const Origin = Type.Object({ started: Type.String() })

/**
 * When the cluster was started last, as its file system tells. A file's change time cannot be set: a
 * copy, an unpacked archive, a file that is written over with an older one, all have that of the moment.
 */
function startedAt(cluster: string): string | undefined {
  try {
    return String(statSync(join(cluster, 'postmaster.opts'), { bigint: true }).ctimeNs)
  } catch {
    return undefined
  }
}

/**
 * Whether the cluster is another one than that which ran here last: a backup that was put back. To be
 * asked before it is started. A snapshot of the whole disk shows nothing.
 */
export function isCopy({ cluster, origin }: Paths): boolean {
  let known: string | undefined
  try {
    known = parseJson(readFileSync(origin, 'utf8'), Origin)?.started
  } catch {
    // Never written: as good as a copy, for which a new epoch costs each client one bootstrap.
  }
  return known === undefined || known !== startedAt(cluster)
}

/** To be called when it runs. */
export function rememberOrigin({ cluster, origin }: Paths): void {
  const started = startedAt(cluster)
  if (started !== undefined) writeFileSync(origin, JSON.stringify({ started }), { mode: 0o600 })
}

/**
 * Starts a new epoch, so that no client goes on from a cursor of the state that was replaced. Returns
 * whether that is settled: a standby cannot write, and its promotion shows in its timeline.
 */
export async function startEpochOfCopy(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley start' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ standby: boolean; migrated: boolean }>(
      `select pg_is_in_recovery() as standby, to_regclass('log_meta') is not null as migrated`,
    )
    if (rows[0]?.standby) return false
    // Any version's table: the backup may be older than the function that does this.
    if (rows[0]?.migrated)
      await client.query(
        `update log_meta set epoch = left(replace(gen_random_uuid()::text, '-', ''), 8)`,
      )
    return true
  } finally {
    await client.end()
  }
}
