import { brokenAt, chainOf } from '@parley/core/audit/chain'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import { StartError } from '@parley/core/start-error'
import type { Command } from '../command.ts'
import { withDatabase } from '../database.ts'

/** Long enough for millions of entries, in milliseconds. */
const patience = 10 * 60_000

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Check that no entry of the audit log was changed or taken out.',
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
        const broken = await brokenAt(pool)
        if (broken !== null)
          throw new StartError(`The audit log is not as it was written: see position ${broken}.`)
        const { entries, position, hash } = await chainOf(pool)
        process.stdout.write(
          position === null
            ? 'The audit log is empty.\n'
            : `All ${entries} entries follow each other. The last one is ${position}, ${hash}.\n`,
        )
      } finally {
        await pool.close()
      }
    }),
}
