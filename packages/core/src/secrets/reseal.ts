import type { Db } from '../db/connection.ts'
import { sqlState } from '../db/errors.ts'
import type { Pool } from '../db/pool.ts'
import { sql } from '../db/sql.ts'
import { StartError } from '../start-error.ts'
import { open, seal } from '../tokens/seal.ts'

interface Column {
  table: string
  id: string
  column: string
  /** Before all ids. */
  start: string
}

/** Everything in the database that is encrypted under the master key. */
const sealedColumns: readonly Column[] = [
  { table: 'signing_keys', id: 'kid', column: 'private_enc', start: '' },
  { table: 'totp_secrets', id: 'user_id', column: 'secret_enc', start: '-1' },
  { table: 'mail_queue', id: 'id', column: 'payload_enc', start: '-1' },
  { table: 'sessions', id: 'id', column: 'successor_enc', start: '-1' },
]

/** Rows that one statement takes. */
const step = 1_000
/** How long to wait for somebody who has one of the tables. */
const lockWithin = '10s'

/** How a chat-server or notify-server calls its connections: some of them are always there. */
const servers = [
  'parley chat-server',
  'parley notify-server',
  'parley keys',
  'parley revocations',
  'parley presence',
  'parley tail',
  'parley ephemeral',
]

/** Throws while a server is connected. One that comes later waits for the tables, and then finds its key old. */
async function requireStopped(db: Db): Promise<void> {
  const found = await db.maybe(sql<{ name: string }>`
    select coalesce(application_name, '') as name from pg_stat_activity
    where datname = current_database() and application_name = any (${servers}::text[]) limit 1`)
  if (found !== undefined)
    throw new StartError(
      `Stop all servers of Parley first, on every machine: one is connected to the database (${found.name}). Nothing was changed.`,
    )
}

/**
 * Encrypts everything under another key, in one transaction. What is already is left as it is, so that
 * it may be done again where nobody knows how far it came. Refuses while a server runs. `ready` is called
 * when all is done but the commit.
 */
export async function reseal(
  pool: Pool,
  { from, to, ready }: { from: Buffer; to: Buffer; ready: () => void },
): Promise<number> {
  try {
    return await pool.transaction(async (db) => {
      await db.run(sql<{ timeout: string | null }>`
        select set_config('lock_timeout', ${lockWithin}, true)::text as timeout`)
      await db.run(sql`
        lock table signing_keys, totp_secrets, mail_queue, sessions in access exclusive mode`)
      await requireStopped(db)
      let count = 0
      for (const column of sealedColumns) count += await resealColumn(db, column, from, to)
      ready()
      return count
    })
  } catch (error) {
    if (sqlState(error) !== '55P03') throw error
    throw new StartError(
      'Another program is at work in the database. Stop all servers of Parley, then try again. Nothing was changed.',
      { cause: error },
    )
  }
}

async function resealColumn(db: Db, where: Column, from: Buffer, to: Buffer): Promise<number> {
  const { table, id, column, start } = where
  let count = 0
  for (let after = start; ;) {
    const rows = await db.rows<{ id: string; sealed: Buffer }>({
      name: '',
      text: `select ${id}::text as id, ${column} as sealed from ${table}
        where ${column} is not null and ${id} > $1 order by ${id} limit ${step}`,
      values: [after],
    })
    const fresh = rows.map(({ sealed }) => resealed(sealed, table, from, to))
    await db.run({
      name: '',
      text: `update ${table} t set ${column} = v.sealed
        from unnest($1::text[], $2::bytea[]) as v (id, sealed) where t.${id}::text = v.id`,
      values: [rows.map((row) => row.id), fresh],
    })
    count += rows.length
    const last = rows.at(-1)
    if (last === undefined) return count
    after = last.id
  }
}

function resealed(sealed: Buffer, table: string, from: Buffer, to: Buffer): Buffer {
  const text = opened(from, sealed)
  if (text !== undefined) return seal(to, text)
  if (opened(to, sealed) !== undefined) return sealed
  throw new StartError(
    `What is encrypted in the table ${table} belongs to another master key. ` +
      'Use the secrets file that this database was made with. Nothing was changed.',
  )
}

function opened(key: Buffer, sealed: Buffer): Buffer | undefined {
  try {
    return open(key, sealed)
  } catch {
    return undefined
  }
}
