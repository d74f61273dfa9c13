import { brokenAt, chainOf, cutOf } from '@parley/core/audit/chain'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { type Pool, createPool } from '@parley/core/db/pool'
import { StartError } from '@parley/core/start-error'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'
import { say } from '../say.ts'

/** Long enough for millions of entries, in milliseconds. */
const patience = 10 * 60_000

async function verify(pool: Pool): Promise<void> {
  const broken = await brokenAt(pool)
  const { entries, position, hash } = await chainOf(pool)
  if (broken !== null)
    throw new StartError(
      broken > (position ?? 0)
        ? `The end of the audit log is missing, from position ${broken} on.`
        : `The audit log is not as it was written: see position ${broken}.`,
    )
  if (position === null) return say('The audit log is empty.')
  const cut = await cutOf(pool)
  if (cut !== undefined)
    say(
      `It begins at entry ${cut.first}: ${cut.first - 1} older ones were dropped by the retention, ` +
        `the last of them on ${cut.at.slice(0, 10)}.`,
    )
  say(`All ${entries} entries follow each other. The last one is ${position}, ${hash}.`)
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary:
    'Check that no entry of the audit log was changed or taken out, but for those past the retention.',
  run: () =>
    withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const pool = createPool({
        url,
        max: 1,
        name: 'parley audit verify',
        statementTimeoutMs: patience,
      })
      try {
        await verify(pool)
      } finally {
        await pool.close()
      }
    }),
}
