import type pg from 'pg'
import type { Statement } from './sql.ts'

/** Where statements run: a pool, or the one connection of a transaction. */
export interface Db {
  /** All rows. */
  rows<Row>(statement: Statement<Row>): Promise<Row[]>
  /** The first row, or undefined. */
  maybe<Row>(statement: Statement<Row>): Promise<Row | undefined>
  /** The first row; throws where there is none. */
  one<Row>(statement: Statement<Row>): Promise<Row>
  /** How many rows were written. */
  run(statement: Statement<unknown>): Promise<number>
}

/** What runs a statement: a pg client, or a pool of them. */
interface Runner {
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>
}

/** Wraps what runs statements in the four verbs that they need. */
export function connection(client: Runner): Db {
  const query = <Row>({ name, text, values }: Statement<Row>) =>
    client.query<Row & pg.QueryResultRow>({ name, text, values: [...values] })
  return {
    rows: async (statement) => (await query(statement)).rows,
    maybe: async (statement) => (await query(statement)).rows[0],
    one: async (statement) => {
      const [row] = (await query(statement)).rows
      if (row === undefined) throw new Error('a statement that must return a row returned none')
      return row
    },
    run: async (statement) => (await query(statement)).rowCount ?? 0,
  }
}
