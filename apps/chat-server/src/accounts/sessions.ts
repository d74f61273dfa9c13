import { createHash, randomBytes } from 'node:crypto'
import { type Actor, changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import type { Pool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { open, seal } from '@parley/core/tokens/seal'

export interface Device {
  userAgent: string
  ipPrefix: string
}

interface Renewed {
  sessionId: number
  userId: number
  refreshToken: string
}

/** So many places may somebody be signed in; another one ends the one that was used longest ago. */
const mostSessions = 50

const familyBytes = 16
const hashOf = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()

/** 128 bits that all tokens of a session begin with, then 256 bits of this one alone. */
function newToken(family: Buffer): string {
  return Buffer.concat([family, randomBytes(32)]).toString('base64url')
}

const familyOf = (token: string): Buffer => Buffer.from(token, 'base64url').subarray(0, familyBytes)

/** Begins a session. The refresh token is kept as its hash only. */
export async function beginSession(db: Db, userId: number, device: Device): Promise<Renewed> {
  const family = randomBytes(familyBytes)
  const refreshToken = newToken(family)
  const { id } = await db.one(sql<{ id: number }>`
    insert into sessions (user_id, current_hash, family_hash, user_agent, ip_prefix)
    values (${userId}, ${hashOf(refreshToken)}, ${hashOf(family)}, ${device.userAgent}, ${device.ipPrefix})
    returning id`)
  await db.run(sql`
    update sessions set revoked_at = now(), revoked_because = 'too many sessions'
    where id in (
      select s.id from sessions s
      where s.user_id = ${userId} and s.revoked_at is null
        and s.idle_expires_at > now() and s.expires_at > now()
      order by s.last_used_at desc, s.id desc offset ${mostSessions})`)
  return { sessionId: id, userId, refreshToken }
}

/**
 * Notes that a session began at the provider, and since when whoever did has proved who they are, in seconds
 * since 1970; never later than now.
 */
export const byProviderSince = (db: Db, sessionId: number, seconds: number): Promise<number> =>
  db.run(sql`
    update sessions set by_provider = true,
      confirmed_at = least(now(), to_timestamp(${seconds}::double precision))
    where id = ${sessionId}`)

/**
 * Trades a refresh token for its successor. For 20 seconds the old one answers with that same
 * successor, so that a lost reply or several tabs end no session; later it, and each older one of the
 * same session, is taken for stolen and the session ends (RFC 9700, 4.14.2). Undefined where the token
 * is good for nothing.
 */
export async function rotateSession(
  pool: Pool,
  masterKey: Buffer,
  by: Actor,
  token: string,
): Promise<Renewed | undefined> {
  const hash = hashOf(token)
  const family = familyOf(token)
  const refreshToken = newToken(family)
  const rotated = await pool.maybe(sql<{ id: number; user_id: number }>`
    update sessions s set current_hash = ${hashOf(refreshToken)}, prev_hash = s.current_hash,
      prev_rotated_at = now(), successor_enc = ${seal(masterKey, Buffer.from(refreshToken))},
      family_hash = ${hashOf(family)}, last_used_at = now(), idle_expires_at = now() + interval '30 days'
    from users u
    where s.current_hash = ${hash} and s.revoked_at is null and s.idle_expires_at > now()
      and s.expires_at > now() and u.id = s.user_id and u.status = 'active'
    returning s.id, s.user_id`)
  if (rotated) return { sessionId: rotated.id, userId: rotated.user_id, refreshToken }

  const known = await pool.maybe(sql<{ id: number; user_id: number; successor_enc: Buffer | null }>`
    select s.id, s.user_id, s.successor_enc from sessions s
    join users u on u.id = s.user_id and u.status = 'active'
    where s.prev_hash = ${hash} and s.revoked_at is null and s.expires_at > now()
      and s.prev_rotated_at > now() - interval '20 seconds'`)
  if (known?.successor_enc) {
    const successor = open(masterKey, known.successor_enc).toString()
    return { sessionId: known.id, userId: known.user_id, refreshToken: successor }
  }

  // Within the grace a slow tab may still bring a token from before the last one: it gets nothing, and
  // tells nothing of a thief.
  await changeAs(pool, by, (db) =>
    db.run(sql`
    update sessions set revoked_at = now(), revoked_because = 'refresh token used again'
    where (prev_hash = ${hash} or family_hash = ${hashOf(family)}) and revoked_at is null
      and current_hash <> ${hash} and prev_rotated_at <= now() - interval '20 seconds'`),
  )
  return undefined
}

/** Ends the session of a refresh token, if there is one. */
export const endSession = (db: Db, token: string): Promise<number> =>
  db.run(sql`
    update sessions set revoked_at = now(), revoked_because = 'signed out'
    where (current_hash = ${hashOf(token)} or prev_hash = ${hashOf(token)}) and revoked_at is null`)
