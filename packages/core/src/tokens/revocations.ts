import type { DatabaseClock } from '../clock.ts'
import type { Db } from '../db/connection.ts'
import { startFollower } from '../db/follower.ts'
import { type Statement, sql } from '../db/sql.ts'
import { tokenLifetime } from './issue.ts'
import type { Principal } from './principal.ts'

/** How often the revoked sessions are read, in milliseconds: the bound when the bell is lost. */
const everyMs = 1000
/**
 * How old the knowledge of them may become, in milliseconds, before the database is asked for each
 * token: below the five seconds that are promised, by the time that a request takes.
 */
const oldest = 4000
/** A token is forgotten so much later than it ends, in seconds: clocks differ, transactions take time. */
const overlap = 60

export interface Revocations {
  /**
   * Whether the session was ended, though its token has not expired yet. Where the revocations are
   * not followed, the database is asked; throws when it does not answer.
   */
  revoked(principal: Principal): Promise<boolean>
  /** How old the knowledge of them is, in milliseconds. */
  age(): number
  stop(): Promise<void>
}

export interface RevocationsOptions {
  url: string
  /** Who is asked while the revocations cannot be followed. */
  db: Db
  /** Learns the time from what is read. */
  clock: DatabaseClock
  failed(error: unknown): void
}

/** Follows the sessions that were revoked while an access token of theirs may still be valid. */
export function followRevocations({ url, db, clock, failed }: RevocationsOptions): Revocations {
  let denied: ReadonlySet<number> = new Set()
  const follower = startFollower({
    url,
    name: 'parley revocations',
    everyMs,
    // The bell rings for every event. A twentieth of a second is soon enough, and a tenth where
    // reading takes long, for which there is room in the 200 ms that are promised.
    restMs: (tookMs) => Math.min(100, Math.max(50, tookMs * 10)),
    async round({ db }) {
      const sentAt = performance.now()
      const rows = await db.rows(readRevoked(tokenLifetime + overlap))
      clock.told(rows[0]?.now_ms ?? Number.NaN, sentAt)
      denied = new Set(rows.map(({ id }) => id ?? 0))
    },
    failed,
  })
  return {
    async revoked({ userId, sessionId }) {
      if (denied.has(sessionId)) return true
      if (follower.age() < oldest) return false
      return !(await db.one(readSignedIn(userId, sessionId))).signed_in
    },
    age: follower.age,
    stop: follower.stop,
  }
}

/**
 * All sessions that ended in the last seconds. Each is an event of the log, whoever ended it and how;
 * what the log lost with a restore, the sessions still say. No position is kept between two readings,
 * so there is none that a crash or a restore could spoil. A row that names no session ends none.
 */
const readRevoked = (seconds: number): Statement<Revoked> => sql<Revoked>`
  select coalesce((extract(epoch from clock_timestamp()) * 1000)::double precision, 0) as now_ms, r.id
  from log_meta left join (
    select (substring(l.body ->> 'session_id' from '^[0-9]{1,16}$'))::bigint as id from event_log l
    where l.kind = 'SessionRevoked' and l.at > now() - make_interval(secs => ${seconds})
    union
    select s.id from sessions s where s.revoked_at > now() - make_interval(secs => ${seconds})
  ) r on true`

interface Revoked {
  now_ms: number
  id: number | null
}

const readSignedIn = (userId: number, sessionId: number): Statement<{ signed_in: boolean }> =>
  sql<{ signed_in: boolean }>`
  select coalesce(exists (
    select from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null and u.status = 'active'
  ), false) as signed_in`
