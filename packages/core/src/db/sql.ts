import { createHash } from 'node:crypto'

/** One SQL statement with its values. `Row` is what it returns; lint checks it against the migrated database. */
export interface Statement<Row> {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  /** Carries the row's type only; never set. */
  readonly row?: Row
}

const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>()

/**
 * Tag for SQL: every `${value}` becomes a parameter, never text, and each place in the code is one
 * named prepared statement, parsed once per connection.
 */
export function sql<Row>(strings: TemplateStringsArray, ...values: unknown[]): Statement<Row> {
  let known = prepared.get(strings)
  if (known === undefined) {
    const text = strings.reduce((sum, part, at) => `${sum}$${at}${part}`)
    known = { name: createHash('sha256').update(text).digest('base64url').slice(0, 22), text }
    prepared.set(strings, known)
  }
  return { ...known, values }
}

/** Makes LIKE take a text as it is. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
