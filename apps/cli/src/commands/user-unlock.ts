import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import { loadSecrets } from '@parley/core/secrets'
import { failureKeys, forgetFailures } from '@parley/core/throttle/failures'
import { type Command, UsageError, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'

export const userUnlock: Command = {
  name: 'user unlock',
  summary: 'Forget the wrong passwords of an account, so that its owner may try again.',
  options: { email: { type: 'string', help: 'E-mail address of the account.' } },
  async run(values) {
    const email = textOf(values, 'email')
    if (email === undefined) throw new UsageError('--email is needed.')
    await withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const keyOf = failureKeys(loadSecrets(config).masterKey)
      const pool = createPool({ url, max: 1, name: 'parley user unlock' })
      try {
        const found = await forgetFailures(pool, [keyOf(email)])
        process.stdout.write(
          found > 0
            ? `Forgot the wrong passwords of ${email}.\n`
            : `No wrong passwords are counted for ${email}.\n`,
        )
      } finally {
        await pool.close()
      }
    })
  },
}
