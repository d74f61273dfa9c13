import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/connection.ts'
import type { Pool } from '../db/pool.ts'
import { sql } from '../db/sql.ts'

/** Of one account at a time: whoever has the password gets no more than fifty tries in five minutes. */
const mostPending = 10
const mostTries = 5

export const pendingHash = (challenge: string): Buffer =>
  createHash('sha256').update(challenge).digest()

/**
 * What somebody who gave the right password has to come back with, together with a code or a passkey;
 * undefined where neither is asked for, `too many` where too many are under way. A passkey alone is asked for
 * only where a second factor is required.
 */
export const beginPending = (
  pool: Pool,
  userId: number,
): Promise<{ challenge: string } | 'too many' | undefined> =>
  pool.transaction(async (db) => {
    // Locked, so that those who begin at the same moment count each other's.
    await db.run(sql<{ id: number }>`select id from users where id = ${userId} for no key update`)
    const { asked } = await db.one(sql<{ asked: boolean }>`
      select coalesce(asks_second_factor(${userId})::boolean, false) as asked`)
    if (!asked) return undefined
    await db.run(sql`delete from pending_sign_ins where expires_at <= now()`)
    const challenge = randomBytes(32).toString('base64url')
    const begun = await db.run(sql`
      insert into pending_sign_ins (hash, user_id)
      select ${pendingHash(challenge)}, ${userId}
      where (select count(*) from pending_sign_ins where user_id = ${userId}) < ${mostPending}`)
    return begun === 1 ? { challenge } : 'too many'
  })

/** Counts one try. Returns whose sign-in it is; undefined where there is none, or no try left. */
export const takeTry = async (db: Db, challenge: string): Promise<number | undefined> =>
  (
    await db.maybe(sql<{ user_id: number }>`
      update pending_sign_ins set tries = tries + 1
      where hash = ${pendingHash(challenge)} and tries < ${mostTries} and expires_at > now()
      returning user_id`)
  )?.user_id

/** Ends a pending sign-in. False where somebody else did. */
export const endPending = async (db: Db, challenge: string): Promise<boolean> =>
  (await db.run(sql`delete from pending_sign_ins where hash = ${pendingHash(challenge)}`)) === 1
