import type { Db } from '@parley/core/db/connection'

/** One file of JSON in an export: an array of what some tables have of a person. */
export interface Part {
  name: string
  /** What of the database it is made of. */
  tables: readonly string[]
  /** Objects as JSON text, as many at once as one short statement gives. */
  read(db: Db, userId: number): AsyncIterable<readonly string[]>
}

export interface Json {
  json: string
}

export const texts = (rows: readonly Json[]): string[] => rows.map(({ json }) => json)
