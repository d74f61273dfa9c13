import { sql } from '@parley/core/db/sql'
import type { Command } from '../command.ts'
import { withKeys } from '../keys/with-keys.ts'

interface Row {
  kid: string
  state: 'active' | 'next' | 'retired'
  created_at: string
  active_since: string | null
  accepted_until: string | null
  /** Whether tokens by a retired key still count. */
  counts: boolean
}

/** The newest ones, and of those the next one first; there are some six a year. */
const readKeys = () => sql<Row>`
  select kid, state, created_at, active_since, accepted_until,
    coalesce(accepted_until > now(), false) as counts
  from signing_keys
  order by state = 'retired', state = 'active', retired_at desc, created_at desc limit 20`

function sayOf({ state, created_at, active_since, accepted_until, counts }: Row): string {
  if (state === 'next') return `published since ${created_at}`
  if (state === 'active') return `signs since ${active_since}`
  return counts ? `its tokens count until ${accepted_until}` : `refused since ${accepted_until}`
}

export const keysList: Command = {
  name: 'keys list',
  summary: 'List the keys that sign access tokens: the next, the active and the retired ones.',
  run: () =>
    withKeys('keys list', async (pool) => {
      const rows = await pool.rows(readKeys())
      for (const row of rows)
        process.stdout.write(`${row.kid}  ${row.state.padEnd(7)}  ${sayOf(row)}\n`)
      if (rows.length === 0)
        process.stdout.write('There are no keys yet: the chat server makes the first one.\n')
    }),
}
