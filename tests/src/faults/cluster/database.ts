import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { type Pool, createPool } from '@parley/core/db/pool'
import { migrate } from '@parley/core/db/migrate'
import { embeddedRoles } from '@parley/core/embedded/url'
import { type Postgres, startPostgres } from '@parley/core/embedded/postgres'
import { type Replica, startReplica } from '@parley/core/testing/replica'
import { until } from '@parley/core/testing/until'
import { stablePort } from '../network/ports.ts'

/** PostgreSQL as a thing to be killed. The pool goes to it directly, past every link. */
export interface Database {
  readonly port: number
  readonly pid: number
  readonly sql: Pool
  /** Its data folder, as Parley knows it. */
  readonly dataDir: string
  /** What a server uses to reach it on another port. */
  urlAt(port: number): string
  /** Ends it and returns when it is gone: orderly, without writing anything down, or by SIGKILL. */
  stop(how: 'fast' | 'immediate' | 'kill'): Promise<void>
  /** On the same port and data; returns when it answers. */
  start(): Promise<void>
  /** Starts it where it has ended by itself, and returns when it takes statements. */
  revive(): Promise<void>
  /** Makes a server that follows it; its name is that of synchronous_standby_names. */
  replica(name: string): Promise<Replica>
  /** From here on a replica is the database. Returns what ends the one that was. */
  becomes(replica: Replica): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** Defaults as Parley ships them, but for what a run needs: its own connections, and quick checks. */
const settings = {
  max_connections: '150',
  // So that a base backup of a busy server does not wait for a checkpoint that is spread over minutes.
  wal_level: 'replica',
}

export async function startDatabase(folder: string): Promise<Database> {
  const log = createWriteStream(join(folder, 'postgres.log'), { flags: 'a' })
  let place = { dataDir: join(folder, 'data'), port: await stablePort() }
  const launch = () => startPostgres({ ...place, settings, log: (text) => void log.write(text) })
  let postgres: Postgres = await launch()
  await migrate(postgres.urlFor('owner'), embeddedRoles)
  let ended = false
  const watch = (server: Postgres) => {
    ended = false
    void server.exited.then(() => {
      if (server === postgres) ended = true
    })
  }
  const relaunch = async () => {
    postgres = await launch()
    watch(postgres)
  }
  watch(postgres)
  const connect = () => createPool({ url: postgres.url, max: 6, name: 'fault run' })
  let sql = connect()
  /** All that ran but the present one, and where the replicas have their data. */
  const others = new Set<Postgres>()
  const folders = new Map<Replica, string>()
  return {
    get port() {
      return place.port
    },
    get pid() {
      return postgres.pid
    },
    get sql() {
      return sql
    },
    get dataDir() {
      return place.dataDir
    },
    urlAt: (other) => postgres.url.replace(`:${place.port}/`, `:${other}/`),
    async stop(how) {
      if (how === 'kill') {
        process.kill(postgres.pid, 'SIGKILL')
        await postgres.exited
      } else await postgres.stop(how)
    },
    start: relaunch,
    async revive() {
      await until(
        async () => {
          if (ended) await relaunch()
          return sql.rows({ name: '', text: 'select 1', values: [] }).then(
            () => true,
            () => false,
          )
        },
        { timeoutMs: 30_000, what: 'PostgreSQL to go on' },
      )
    },
    async replica(name) {
      const dataDir = join(folder, name)
      const primary = { primaryUrl: postgres.url, primaryDataDir: place.dataDir }
      const replica = await startReplica({ ...primary, dataDir, name, settings })
      others.add(replica)
      folders.set(replica, dataDir)
      return replica
    },
    async becomes(replica) {
      const [old, before] = [postgres, sql]
      others.add(old)
      postgres = replica
      watch(replica)
      place = { dataDir: folders.get(replica) ?? place.dataDir, port: replica.port }
      sql = connect()
      await before.close()
      return () => old.stop('immediate')
    },
    async close() {
      await sql.close()
      for (const one of new Set([postgres, ...others])) await one.stop('immediate')
      log.end()
    },
  }
}
