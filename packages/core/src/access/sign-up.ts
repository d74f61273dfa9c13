import type { SignUpPolicy } from '@parley/contract'
import type { Config } from '../config/load.ts'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

/** Who may sign up: what an administrator chose counts on all servers, before what the settings say. */
export async function signUpPolicy(
  db: Db,
  config: Pick<Config, 'signup'>,
): Promise<{ signup: SignUpPolicy; chosen: SignUpPolicy | null; default: SignUpPolicy }> {
  const { chosen } = await db.one(sql<{ chosen: SignUpPolicy | null }>`
    select signup as chosen from instance_policy`)
  return { signup: chosen ?? config.signup, chosen, default: config.signup }
}
