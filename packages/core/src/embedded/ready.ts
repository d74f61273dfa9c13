import pg from 'pg'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '../start-error.ts'
import { database, urlOf } from './url.ts'

/** Not listening yet, or starting up and recovering: come again. */
const patience = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03'])

/**
 * Connects until the server answers and makes sure that Parley's database is there. Recovery after
 * a crash takes as long as it takes; `alive` says whether waiting still makes sense.
 */
export async function untilReady(port: number, password: string, alive: () => boolean): Promise<void> {
  while (alive()) {
    const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres'), application_name: 'parley start' })
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
    await delay(10)
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${database}`)
}
