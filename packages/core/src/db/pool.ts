import pg from 'pg'
import { type Db, connection } from './connection.ts'
import { sqlState } from './errors.ts'
import { parsers } from './types.ts'

export interface PoolOptions {
  url: string
  /** Most connections at once. */
  max: number
  /** Shown in pg_stat_activity. */
  name: string
  /** Longest time a statement may take, in milliseconds. */
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

export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: session,
    types: parsers,
  })
  // An idle connection that dies is replaced by the pool; the next statement reports what matters.
  pool.on('error', () => undefined)
  // One that dies between two statements of a transaction has nobody else to tell, and would end the
  // process; the next statement reports it.
  pool.on('connect', (client) => client.on('error', () => undefined))

  async function once<T>(work: (db: Db) => Promise<T>, isolation: Isolation): Promise<T> {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query(`begin isolation level ${isolation}`)
      const result = await work(connection(client))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  }

  return {
    ...connection(pool),
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
    load: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
  }
}
