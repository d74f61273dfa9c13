import { setAdmin } from '@parley/core/access/administrator'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import { violated } from '@parley/core/db/errors'
import { StartError } from '@parley/core/start-error'
import { type Command, UsageError, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'

export const userAdmin: Command = {
  name: 'user admin',
  summary: 'Make somebody an administrator of the instance, or no longer.',
  options: {
    email: { type: 'string', help: 'E-mail address of the account.' },
    remove: { type: 'boolean', help: 'Take it from them.' },
  },
  async run(values) {
    const email = textOf(values, 'email')
    if (email === undefined) throw new UsageError('--email is needed.')
    const isAdmin = values['remove'] !== true
    await withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const pool = createPool({ url, max: 1, name: 'parley user admin' })
      try {
        if (!(await setAdmin(pool, email, isAdmin)))
          throw new StartError(`No account that is in use has the address ${email}.`)
        process.stdout.write(
          isAdmin
            ? `${email} administers the instance, with a second factor.\n`
            : `${email} does not administer the instance.\n`,
        )
      } catch (error) {
        if (violated(error) !== 'users_last_admin') throw error
        throw new StartError('This is the last administrator: make somebody else one first.', {
          cause: error,
        })
      } finally {
        await pool.close()
      }
    })
  },
}
