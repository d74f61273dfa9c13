import { Socket } from 'node:net'
import { type Db, connection } from '@parley/core/db/connection'
import { parsers } from '@parley/core/db/types'
import pg from 'pg'

/** The tail's own connection: direct, because LISTEN does not go through a transaction pooler. */
export interface Link {
  db: Db
  /** Ends it at once, whatever it is doing. */
  destroy(): void
}

/** Longest time for the connection, and for each statement, in milliseconds. */
const patience = 5000

/**
 * Its two statements look for the newest rows of the log, and nothing in the statistics knows of
 * those yet: without these settings the planner may take the whole log, or all topics, for less work
 * than the few rows that the index on xid leads to. Planning each round would cost more than the round.
 */
const settings = `
  set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off;
  set enable_mergejoin = off; set jit = off`

/** Connects and listens; `wake` is called when the bell rings, and when the connection breaks. */
export async function openLink(url: string, wake: () => void): Promise<Link> {
  const socket = new Socket()
  const client = new pg.Client({
    connectionString: url,
    application_name: 'parley tail',
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    statement_timeout: patience,
    keepAlive: true,
    types: parsers,
    stream: () => socket,
  })
  client.on('error', wake)
  client.on('end', wake)
  client.on('notification', wake)
  const link = { db: connection(client), destroy: () => void socket.destroy() }
  try {
    await client.connect()
    await client.query(settings)
    await client.query('listen bell')
    return link
  } catch (error) {
    link.destroy()
    throw error
  }
}
