import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '@parley/core/db/connection'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { pendingHash } from '@parley/core/second-factor/pending'

/** What a challenge is good for, and for whom. */
export type Purpose =
  | { for: 'sign_in' }
  | { for: 'add' | 'confirm'; userId: number }
  | { for: 'second'; pending: string }

const hashOf = (challenge: string): Buffer => createHash('sha256').update(challenge).digest()

const newChallenge = (): string => randomBytes(32).toString('base64url')

/** A challenge for somebody who has not said who they are. */
export const challengeStranger = (pool: Pool): Promise<string> =>
  pool.transaction(async (db) => {
    const challenge = newChallenge()
    await forgetOld(db)
    await db.run(sql`
      insert into passkey_challenges (hash, purpose) values (${hashOf(challenge)}, 'sign_in')`)
    return challenge
  })

/** A challenge for the person of a session, in place of the one before. */
export const challengeUser = (
  pool: Pool,
  { for: purpose, userId }: Extract<Purpose, { userId: number }>,
): Promise<string> =>
  pool.transaction(async (db) => {
    const challenge = newChallenge()
    await forgetOld(db)
    await db.run(sql`
      delete from passkey_challenges where user_id = ${userId} and purpose = ${purpose}`)
    await db.run(sql`
      insert into passkey_challenges (hash, purpose, user_id)
      values (${hashOf(challenge)}, ${purpose}, ${userId})`)
    return challenge
  })

/** A challenge for who is about to sign in and has given the password; undefined where nobody is. */
export const challengePending = (
  pool: Pool,
  pending: string,
): Promise<{ challenge: string; userId: number } | undefined> =>
  pool.transaction(async (db) => {
    const challenge = newChallenge()
    await forgetOld(db)
    await db.run(sql`
      delete from passkey_challenges where pending_hash = ${pendingHash(pending)}`)
    const begun = await db.maybe(sql<{ user_id: number | null }>`
      insert into passkey_challenges (hash, purpose, user_id, pending_hash)
      select ${hashOf(challenge)}, 'second', user_id, hash from pending_sign_ins
      where hash = ${pendingHash(pending)} and expires_at > now()
      returning user_id`)
    const userId = begun?.user_id ?? undefined
    return userId === undefined ? undefined : { challenge, userId }
  })

/** Uses a challenge up. False where there is none for this, or it came too late. */
export async function takeChallenge(db: Db, challenge: string, purpose: Purpose): Promise<boolean> {
  const userId = 'userId' in purpose ? purpose.userId : null
  const pending = 'pending' in purpose ? pendingHash(purpose.pending) : null
  const taken = await db.run(sql`
    delete from passkey_challenges
    where hash = ${hashOf(challenge)} and purpose = ${purpose.for} and expires_at > now()
      and (user_id = ${userId}::bigint or ${userId}::bigint is null)
      and pending_hash is not distinct from ${pending}::bytea`)
  return taken === 1
}

const forgetOld = (db: Db): Promise<number> =>
  db.run(sql`delete from passkey_challenges where expires_at <= now()`)
