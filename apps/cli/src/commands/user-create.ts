import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setAdmin } from '@parley/core/access/administrator'
import { createAccount } from '@parley/core/create-account'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { createPool } from '@parley/core/db/pool'
import { type Command, UsageError, textOf } from '../command.ts'
import { withDatabase } from '../database.ts'

export const userCreate: Command = {
  name: 'user create',
  summary: 'Make an account, also where sign-up is closed.',
  options: {
    username: { type: 'string', help: 'Name of the account.' },
    email: { type: 'string', help: 'E-mail address to sign in with.' },
    // Never an argument: other accounts of the machine see those, and the shell keeps them.
    'password-stdin': {
      type: 'boolean',
      help: 'Read the password from standard input; otherwise a random one is printed.',
    },
    admin: { type: 'boolean', help: 'Let it administer the instance.' },
  },
  async run(values) {
    const username = textOf(values, 'username')
    const email = textOf(values, 'email')
    if (username === undefined || email === undefined)
      throw new UsageError('--username and --email are needed.')
    const given =
      values['password-stdin'] === true
        ? (await text(process.stdin)).replace(/\r?\n$/, '')
        : undefined
    const password = given ?? randomBytes(15).toString('base64url')
    await withDatabase(async (url, config) => {
      await migrate(url, serverRoles(config))
      const pool = createPool({ url, max: 1, name: 'parley user create' })
      try {
        const id = await pool.transaction(async (db) => {
          const made = await createAccount(db, { username, email, password }, config)
          if (values['admin'] === true) await setAdmin(db, email, true)
          return made
        })
        process.stdout.write(`Made the account ${username} (${id}).\n`)
        if (given === undefined) process.stdout.write(`Password: ${password}\n`)
      } finally {
        await pool.close()
      }
    })
  },
}
