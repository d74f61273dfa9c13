import { Socket } from 'node:net'
import pg from 'pg'
import { type Db, connection } from './connection.ts'
import { keepEpoch } from './epoch.ts'
import { isConnectTimeout } from './errors.ts'
import { liveness } from './liveness.ts'
import { sql } from './sql.ts'
import { parsers } from './types.ts'

/** A connection of one's own: direct, because LISTEN does not go through a transaction pooler. */
export interface Link {
  db: Db
  /** Whether the database only followed another one when it was made: nothing is listened to. */
  standby: boolean
  /** Ends it at once, whatever it is doing. */
  destroy(): void
}

export interface LinkOptions {
  url: string
  /** Shown in pg_stat_activity. */
  name: string
  /** Settings of the connection, as PostgreSQL's command line takes them. */
  settings?: string
  /** Called when the bell rings, and when the connection breaks. */
  wake: () => void
  /** Is given what is said on the channel for what is not kept, which is listened to in place of the bell. */
  heard?: (payload: string) => void
  /** Nothing is listened to. Each who listens costs every transaction that rings the bell. */
  deaf?: true
}

/** How long a link may wait, in milliseconds. */
export interface Patience {
  /** For a connection to be made: several answers, one after the other. */
  connectMs: number
  /** For a statement; then the link is done for. */
  statementMs: number
}

/** A connection was not made in time though the database answered: one that says nothing is not slow. */
export class TooSlow extends Error {}

/** Connects and listens. */
export async function openLink(options: LinkOptions, patience: Patience): Promise<Link> {
  const { url, name, settings = '', wake, heard, deaf } = options
  const socket = new Socket()
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: patience.connectMs,
    query_timeout: patience.statementMs,
    statement_timeout: patience.statementMs,
    ...liveness,
    options: `${liveness.options} ${settings}`,
    types: parsers,
    stream: () => socket,
  })
  client.on('error', wake)
  client.on('end', wake)
  client.on('notification', heard ? ({ payload = '' }) => heard(payload) : wake)
  const db = connection(client)
  const destroy = (): void => void socket.destroy()
  try {
    await client.connect()
    const standby = await isStandby(db)
    if (!standby) {
      await db.run(keepEpoch())
      if (!deaf) await client.query(heard ? 'listen ephemeral' : 'listen bell')
    }
    return { db, standby, destroy }
  } catch (error) {
    destroy()
    if (!isConnectTimeout(error) || socket.bytesRead === 0) throw error
    throw new TooSlow('the database answered too slowly', { cause: error })
  }
}

/** Whether the database only follows another one. */
export const isStandby = async (db: Db): Promise<boolean> =>
  (
    await db.one(sql<{ standby: boolean }>`
      select coalesce(pg_is_in_recovery(), false) as standby`)
  ).standby
