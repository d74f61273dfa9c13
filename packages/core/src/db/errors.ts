import pg from 'pg'

/** SQLSTATE of a database error, or undefined for anything else. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

/** The constraint a database error names, if it names one. */
export const violated = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.constraint : undefined
