import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { open } from '../tokens/seal.ts'
import { newCodes } from './codes.ts'
import { recoveryHash } from './recovery.ts'
import { stepOf } from './totp.ts'

/** What opens a secret, and the time in milliseconds. */
interface Means {
  masterKey: Buffer
  now: number
}

/** Keeps a sealed secret that counts once it is confirmed. False where one is confirmed already. */
export const keepSecret = async (db: Db, userId: number, sealed: Buffer): Promise<boolean> =>
  (await db.run(sql`
    insert into totp_secrets (user_id, secret_enc) values (${userId}, ${sealed})
    on conflict (user_id) do update set secret_enc = excluded.secret_enc, last_step = 0
    where totp_secrets.confirmed_at is null`)) === 1

/** Takes a code of the app, which is good once and for nothing older. */
async function useCode(
  db: Db,
  userId: number,
  code: string,
  { masterKey, now, confirmed }: Means & { confirmed: boolean },
): Promise<boolean> {
  const kept = await db.maybe(sql<{ secret_enc: Buffer }>`
    select secret_enc from totp_secrets
    where user_id = ${userId} and (confirmed_at is not null) = ${confirmed}`)
  if (!kept) return false
  const step = stepOf(open(masterKey, kept.secret_enc), code, now)
  if (step === undefined) return false
  const taken = await db.run(sql`
    update totp_secrets set last_step = ${step}
    where user_id = ${userId} and secret_enc = ${kept.secret_enc} and last_step < ${step}`)
  return taken === 1
}

/** From here on a code is asked for. Returns the recovery codes, or undefined where the code is wrong. */
export async function confirmSecret(
  db: Db,
  userId: number,
  code: string,
  means: Means,
): Promise<string[] | undefined> {
  if (!(await useCode(db, userId, bare(code), { ...means, confirmed: false }))) return undefined
  await db.run(sql`update totp_secrets set confirmed_at = now() where user_id = ${userId}`)
  return newCodes(db, userId)
}

/** Takes a code of the app, or a recovery code, each good once. */
export async function useFactor(
  db: Db,
  userId: number,
  code: string,
  means: Means,
): Promise<boolean> {
  if (/^\d+$/.test(bare(code)))
    return useCode(db, userId, bare(code), { ...means, confirmed: true })
  const used = await db.run(sql`
    update recovery_codes set used_at = now()
    where user_id = ${userId} and hash = ${recoveryHash(code)} and used_at is null`)
  return used === 1
}

/** Apps show codes as two groups of three. */
const bare = (code: string): string => code.replace(/\s/g, '')

/** No code is asked for any more. False where none was. */
export async function dropFactor(db: Db, userId: number): Promise<boolean> {
  const removed = await db.maybe(sql<{ confirmed_at: string | null }>`
    delete from totp_secrets where user_id = ${userId} returning confirmed_at`)
  await db.run(sql`delete from recovery_codes where user_id = ${userId}`)
  await db.run(sql`delete from pending_sign_ins where user_id = ${userId}`)
  return typeof removed?.confirmed_at === 'string'
}
