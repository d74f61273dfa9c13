import pg from 'pg'

const { builtins } = pg.types
const int8Array = 1016

/** RFC 3339 with milliseconds, as api.md wants times, from PostgreSQL's text form. */
const toRfc3339 = (text: string): string => new Date(text).toISOString()

/**
 * How PostgreSQL's types arrive: ids are below 2^53 and so plain numbers, times are RFC 3339 text
 * (no Date, no mapping on the way to JSON), snapshots and xid8 stay text.
 */
export const parsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    if (oid === builtins.INT8) return Number
    if (oid === builtins.TIMESTAMPTZ) return toRfc3339
    if (oid === int8Array) return (text: string) => JSON.parse(`[${text.slice(1, -1)}]`)
    return pg.types.getTypeParser(oid, 'text')
  },
}
