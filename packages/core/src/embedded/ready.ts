import pg from 'pg'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '../start-error.ts'
import { readPidFile } from './pid-file.ts'
import { database, urlOf } from './url.ts'

const everyMs = 10

/** Still recovering although the file says it is ready: come again. */
const patience = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03'])

export interface Started {
  cluster: string
  pid: number
  port: number
  password: string
}

/**
 * Waits until the server answers and makes sure that Parley's database is there. Recovery after a
 * crash takes as long as it takes; `alive` says whether waiting still makes sense. The server's own
 * file comes first, so that we never talk to a stranger who has the port.
 */
export async function untilReady(
  { cluster, pid, port, password }: Started,
  alive: () => boolean,
): Promise<void> {
  for (; alive(); await delay(everyMs)) {
    const file = readPidFile(cluster)
    if (file?.pid !== pid || !file.ready) continue
    const client = new pg.Client({
      connectionString: urlOf(port, password, 'superuser', 'postgres'),
      application_name: 'parley start',
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await ensureDatabase(client)
      return
    } catch (error) {
      if (alive() && !patience.has(errorCode(error))) throw error
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${database}`)
}
