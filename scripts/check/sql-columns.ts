import { createPool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'

/** Columns of jsonb whose shape has a name; every row spells it alike. */
const named = { 'signing_keys.public_jwk': 'JWK' }

/**
 * Columns whose type is narrower than SQL's, as 'table.column': a text that a check limits to a list
 * is the union of that list.
 */
export async function narrowColumns(url: string): Promise<Record<string, string>> {
  const pool = createPool({ url, max: 1, name: 'check' })
  const checks = await pool.rows(sql<{ name: string; definition: string | null }>`
    select c.relname::text as name, pg_get_constraintdef(k.oid)::text as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'c' and k.connamespace = 'public'::regnamespace`)
  await pool.close()
  const columns: Record<string, string> = { ...named }
  for (const { name, definition } of checks) {
    const found = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(definition ?? '')
    const texts = [...(found?.[2] ?? '').matchAll(/'(\w+)'::text/g)].map(([, text]) => `'${text}'`)
    if (texts.length > 0) columns[`${name}.${found?.[1]}`] = texts.toSorted().join(' | ')
  }
  return columns
}
