import { hasAdmin } from '@parley/core/access/administrator'
import { newSetupToken } from '@parley/core/access/setup'
import { createPool } from '@parley/core/db/pool'

/** A secret for whoever is to administer the instance; undefined where somebody does. */
export async function firstToken(url: string): Promise<string | undefined> {
  const pool = createPool({ url, max: 1, name: 'parley start' })
  try {
    return (await hasAdmin(pool)) ? undefined : await newSetupToken(pool)
  } finally {
    await pool.close()
  }
}
