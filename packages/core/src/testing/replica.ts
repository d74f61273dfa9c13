import {
  appendFileSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { paths } from '../embedded/paths.ts'
import { type Postgres, startPostgres } from '../embedded/postgres.ts'
import type { Settings } from '../embedded/settings.ts'
import { errorCode } from '../start-error.ts'
import { until } from './until.ts'

/** A server that follows another one, by streaming replication. */
export interface Replica extends Postgres {
  /** Stops to receive what the primary writes: what it writes from here on is lost with it. */
  disconnect(): Promise<void>
  /** Makes it a primary, on a new timeline. */
  promote(): Promise<void>
}

export interface ReplicaOptions {
  /** URL of the primary, an embedded server, as its superuser. */
  primaryUrl: string
  /** The primary's data folder, and the new one's. */
  primaryDataDir: string
  dataDir: string
  /** Its name for the primary, as in synchronous_standby_names. */
  name?: string
  settings?: Settings
}

/** Of an embedded server that runs, and the folder that takes it. */
export interface BaseBackupOptions {
  url: string
  dataDir: string
  to: string
  /** Called when all is copied but the end: what was acknowledged until then is in it. */
  ending?(): void
}

/** A base backup that can be started by itself (PostgreSQL's manual, 25.3.4). The server goes on meanwhile. */
export async function baseBackup({ url, dataDir, to, ending }: BaseBackupOptions): Promise<void> {
  await copyRunning(url, dataDir, to, ending)
  const [from, log] = [paths(dataDir), join(paths(to).cluster, 'pg_wal')]
  const { uid, gid } = statSync(log)
  for (const name of readdirSync(join(from.cluster, 'pg_wal')).filter((one) => segment.test(one))) {
    copyFile(join(from.cluster, 'pg_wal', name), join(log, name), uid, gid)
  }
}

/** A file of the write-ahead log. */
const segment = /^[0-9A-F]{24}$/

async function copyRunning(
  url: string,
  dataDir: string,
  target: string,
  ending: () => void = () => undefined,
): Promise<void> {
  const [from, to] = [paths(dataDir), paths(target)]
  await query(url, async (client) => {
    await client.query(`select pg_backup_start('copy', true)`)
    copyFolder(from.cluster, to.cluster)
    copyFileSync(from.password, to.password)
    ending()
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    )
    writeOwned(join(to.cluster, 'backup_label'), rows[0]?.labelfile ?? '')
  })
}

/** Makes a replica of an embedded server and starts it: a base backup that fetches the log by itself. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { primaryUrl, primaryDataDir, dataDir, name = 'replica', settings } = options
  const to = paths(dataDir)
  await copyRunning(primaryUrl, primaryDataDir, dataDir)
  const { hostname, port, username, password } = new URL(primaryUrl)
  writeOwned(join(to.cluster, 'standby.signal'), '')
  appendFileSync(
    join(to.cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password} application_name=${name}'\n`,
  )
  const server = await startPostgres({ dataDir, ...(settings && { settings }) })
  return {
    ...server,
    async disconnect() {
      await query(server.url, async (client) => {
        await client.query(`alter system set primary_conninfo = ''`)
        await client.query('select pg_reload_conf()')
        await until(
          async () => (await client.query('select from pg_stat_wal_receiver')).rowCount === 0,
        )
      })
    },
    promote: () =>
      query(server.url, async (client) => void (await client.query('select pg_promote()'))),
  }
}

/**
 * Makes each commit of the primary wait until the replica of that name has it on disk too; with
 * undefined it waits for none. Returns when that is so.
 */
export const synchronizeWith = (primaryUrl: string, name: string | undefined): Promise<void> =>
  query(primaryUrl, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${name ?? ''}'`)
    await client.query('select pg_reload_conf()')
    const wanted = name === undefined ? 0 : 1
    await until(async () => {
      const { rowCount } = await client.query(
        `select from pg_stat_replication where sync_state = 'sync' and state = 'streaming'`,
      )
      return rowCount === wanted
    })
  })

/** Resolves when the replica has replayed all that the primary had written at the call. */
export async function replayed(primaryUrl: string, { url }: Replica): Promise<void> {
  const text = 'select pg_current_wal_flush_lsn()::text as lsn'
  const lsn = await query(
    primaryUrl,
    async (client) => (await client.query<{ lsn: string }>(text)).rows[0]?.lsn,
  )
  await query(url, (client) =>
    until(async () => {
      const { rows } = await client.query<{ done: boolean }>(
        'select pg_last_wal_replay_lsn() >= $1::pg_lsn as done',
        [lsn],
      )
      return rows[0]?.done
    }),
  )
}

async function query<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Of these a backup has the folder only (manual, 25.3.4.2). */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])
const leftOut = /^(?:postmaster\.(?:pid|opts)|pgsql_tmp.*|pg_internal\.init.*)$/

/** Copies what is there; files that go away meanwhile are made good by the log. */
function copyFolder(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from)
  mkdirSync(to, { recursive: true, mode: mode & 0o777 })
  chownSync(to, uid, gid)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (leftOut.test(entry.name)) continue
    if (entry.isDirectory() && emptied.has(entry.name)) {
      mkdirSync(target, { mode: 0o700 })
      chownSync(target, uid, gid)
    } else if (entry.isDirectory()) copyFolder(source, target)
    else copyFile(source, target, uid, gid)
  }
}

function copyFile(from: string, to: string, uid: number, gid: number): void {
  try {
    copyFileSync(from, to)
    chownSync(to, uid, gid)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

/** A file that belongs to whom the folder belongs to. */
function writeOwned(path: string, text: string): void {
  const { uid, gid } = statSync(join(path, '..'))
  writeFileSync(path, text, { mode: 0o600 })
  chownSync(path, uid, gid)
}
