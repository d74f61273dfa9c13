import { Socket } from 'node:net'
import pg from 'pg'
import { type Db, connection } from './connection.ts'
import { isReadTimeout, isRefusal, sqlState } from './errors.ts'
import { liveness } from './liveness.ts'
import { parsers } from './types.ts'

export interface PoolOptions {
  url: string
  /** Most connections at once. */
  max: number
  /** Shown in pg_stat_activity. */
  name: string
  /** Longest time a statement may take, in milliseconds; 5 s unless given. */
  statementTimeoutMs?: number
}

export type Isolation = 'read committed' | 'repeatable read read only'

/** A pool of connections: statements by themselves, or several in one transaction on one connection. */
export interface Pool extends Db {
  /**
   * Runs `work` in one transaction and commits, or rolls back when it throws. A deadlock or a
   * serialization failure runs `work` again, at most five times in all.
   */
  transaction<T>(work: (db: Db) => Promise<T>, isolation?: Isolation): Promise<T>
  close(): Promise<void>
  /** Connections at work and at rest, and those who wait for one. */
  load(): { inUse: number; idle: number; waiting: number }
}

/**
 * Settings of each connection. Compiling a statement takes 200 ms and more, and the planner orders it
 * for short ones too: its guess at the rows of a function is a thousand.
 */
const session = '-c jit=off'

const retryable = new Set(['40001', '40P01'])
const attempts = 5
/** Longest wait for a connection, a free one or a new one, in milliseconds. */
const connectWithin = 3_000
/** How much longer than the database itself we wait for its word that a statement took too long. */
const grace = 1_000
/** How much longer a transaction may do nothing: whoever made it may be gone, and its locks stay. */
const pause = 3_000

/** A connection that can be given up without a goodbye: where nothing answers, that would not end. */
class Line extends pg.Client {
  readonly #socket: Socket
  wasCut = false

  constructor(config?: pg.ClientConfig) {
    const socket = new Socket()
    super({ ...config, stream: () => socket })
    this.#socket = socket
  }

  cut(): void {
    this.wasCut = true
    this.#socket.destroy()
  }
}

/** Every wait ends: for a connection, for a statement, and for a network that swallows everything. */
export function createPool(options: PoolOptions): Pool {
  const longest = options.statementTimeoutMs ?? 5_000
  const pool = new pg.Pool({
    Client: Line,
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    statement_timeout: longest,
    query_timeout: longest + grace,
    idle_in_transaction_session_timeout: longest + pause,
    connectionTimeoutMillis: connectWithin,
    ...liveness,
    options: `${session} ${liveness.options}`,
    types: parsers,
  })
  const idle = new Set<pg.PoolClient>()
  pool.on('acquire', (client) => idle.delete(client))
  pool.on('remove', (client) => idle.delete(client))
  outliveLosses(pool)

  /** A connection of the pool, which learns a moment later than we of those that were cut. */
  async function take(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect()
      if (!(client instanceof Line && client.wasCut)) return client
      client.release(true)
    }
  }

  /** Gives up a connection that broke, or that may still do what nobody waits for. */
  function giveUp(client: pg.PoolClient, error: unknown): void {
    client.release(true)
    // What swallowed this statement would swallow the next ones, on the connections that wait for them.
    if (isReadTimeout(error)) for (const other of idle) if (other instanceof Line) other.cut()
  }

  function putBack(client: pg.PoolClient): void {
    idle.add(client)
    client.release()
  }

  async function query<Row extends pg.QueryResultRow>(
    statement: pg.QueryConfig,
  ): Promise<pg.QueryResult<Row>> {
    const client = await take()
    try {
      const result = await client.query<Row>(statement)
      putBack(client)
      return result
    } catch (error) {
      if (isRefusal(error)) putBack(client)
      else giveUp(client, error)
      throw error
    }
  }

  async function once<T>(work: (db: Db) => Promise<T>, isolation: Isolation): Promise<T> {
    const client = await take()
    let broken: unknown
    try {
      await client.query(`begin isolation level ${isolation}`)
      const result = await work(connection(client))
      await client.query('commit')
      return result
    } catch (error) {
      // A second statement would only wait as long as the one that had no answer.
      if (isReadTimeout(error)) broken = error
      else await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      if (broken === undefined) putBack(client)
      else giveUp(client, broken)
    }
  }

  return {
    ...connection({ query }),
    async transaction(work, isolation = 'read committed') {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work, isolation)
        } catch (error) {
          if (attempt === attempts || !retryable.has(sqlState(error) ?? '')) throw error
        }
      }
    },
    close: () => pool.end(),
    load: () => loadOf(pool),
  }
}

function outliveLosses(pool: pg.Pool): void {
  // An idle connection that dies is replaced by the pool; the next statement reports what matters.
  pool.on('error', () => undefined)
  // One that dies between two statements of a transaction has nobody else to tell, and would end the
  // process; the next statement reports it.
  pool.on('connect', (client) => client.on('error', () => undefined))
}

const loadOf = ({ totalCount, idleCount, waitingCount }: pg.Pool) => ({
  inUse: totalCount - idleCount,
  idle: idleCount,
  waiting: waitingCount,
})
