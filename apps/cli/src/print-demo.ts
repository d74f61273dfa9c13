import type { Config } from '@parley/core/config/load'
import { createPool } from '@parley/core/db/pool'
import { seedDemo } from './demo.ts'

/** Seeds the demo and prints who can sign in to it. */
export async function printDemo(
  url: string,
  config: Config,
  password: string | undefined,
): Promise<void> {
  const pool = createPool({ url, max: 1, name: 'parley db seed' })
  try {
    const accounts = await pool.transaction((db) => seedDemo(db, password, config))
    process.stdout.write('The workspace Demo is there. Sign in with:\n')
    for (const { email, password: secret } of accounts)
      process.stdout.write(
        `  ${email}  ${secret ?? '(was there already; its password is unchanged)'}\n`,
      )
  } finally {
    await pool.close()
  }
}
