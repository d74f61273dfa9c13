import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { newRecoveryCodes, recoveryHash } from './recovery.ts'

/** Recovery codes in place of those from before. To be told once: only their hashes are kept. */
export async function newCodes(db: Db, userId: number): Promise<string[]> {
  const codes = newRecoveryCodes()
  await db.run(sql`delete from recovery_codes where user_id = ${userId}`)
  await db.run(sql`
    insert into recovery_codes (user_id, hash)
    select ${userId}, hash from unnest(${codes.map(recoveryHash)}::bytea[]) hash`)
  return codes
}

/** The same for who has an app already; undefined where they have none. */
export async function renewCodes(db: Db, userId: number): Promise<string[] | undefined> {
  // Of two who ask at once the codes of the second count, and no others.
  const asked = await db.maybe(sql<{ user_id: number }>`
    select user_id from totp_secrets
    where user_id = ${userId} and confirmed_at is not null for update`)
  return asked && newCodes(db, userId)
}

/** Since when a code of an app is asked for, if one is, and how many recovery codes are left. */
export const factorsOf = (db: Db, userId: number) =>
  db.one(sql<{ totp_since: string | null; recovery_codes_left: number }>`
    select
      (select confirmed_at from totp_secrets where user_id = ${userId}) as totp_since,
      coalesce((
        select count(*) from recovery_codes where user_id = ${userId} and used_at is null
      ), 0)::int as recovery_codes_left`)
