import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { type Pool, createPool } from '@parley/core/db/pool'
import { migrate } from '@parley/core/db/migrate'
import { type Postgres, startPostgres } from '@parley/core/embedded/postgres'
import { stablePort } from '../network/ports.ts'

/** PostgreSQL as a thing to be killed. The pool goes to it directly, past every link. */
export interface Database {
  readonly port: number
  readonly pid: number
  readonly sql: Pool
  /** What a server uses to reach it on another port. */
  urlAt(port: number): string
  /** Ends it and returns when it is gone: orderly, without writing anything down, or by SIGKILL. */
  stop(how: 'fast' | 'immediate' | 'kill'): Promise<void>
  /** On the same port and data; returns when it answers. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Defaults as Parley ships them, but for what a run needs: its own connections, and quick checks. */
const settings = {
  max_connections: '150',
  // So that a base backup of a busy server does not wait for a checkpoint that is spread over minutes.
  wal_level: 'replica',
}

export async function startDatabase(folder: string): Promise<Database> {
  const port = await stablePort()
  const log = createWriteStream(join(folder, 'postgres.log'), { flags: 'a' })
  const launch = () =>
    startPostgres({
      dataDir: join(folder, 'data'),
      port,
      settings,
      log: (text) => void log.write(text),
    })
  let postgres: Postgres = await launch()
  await migrate(postgres.url)
  const sql = createPool({ url: postgres.url, max: 6, name: 'fault run' })
  return {
    port,
    get pid() {
      return postgres.pid
    },
    sql,
    urlAt: (other) => postgres.url.replace(`:${port}/`, `:${other}/`),
    async stop(how) {
      if (how === 'kill') {
        process.kill(postgres.pid, 'SIGKILL')
        await postgres.exited
      } else await postgres.stop(how)
    },
    async start() {
      postgres = await launch()
    },
    async close() {
      await sql.close()
      await postgres.stop('immediate')
      log.end()
    },
  }
}
