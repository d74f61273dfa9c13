import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { tokenLifetime } from './issue.ts'
import type { Principal } from './principal.ts'

/** How often the revoked sessions are read, in milliseconds: the bound when the bell is lost. */
const every = 1000
/** A transaction that revoked a session may commit this much later than it began, in seconds. */
const overlap = 60

export interface Revocations {
  /** Whether the session was ended though its token has not expired yet. */
  revoked(principal: Principal): boolean
  /** How long ago the sessions were last read, in milliseconds. */
  ageMs(): number
  stop(): void
}

/** Follows the sessions that were revoked while an access token of theirs may still be valid. */
export async function followRevocations(
  db: Db,
  onError: (error: unknown) => void,
): Promise<Revocations> {
  let denied = new Set<number>()
  let wholeAt = -Infinity
  let readAt = performance.now()

  async function read(): Promise<void> {
    const began = performance.now()
    const whole = began - wholeAt > tokenLifetime * 1000
    const seconds = whole ? tokenLifetime + overlap : overlap
    const rows = await db.rows(sql<{ id: number }>`
      select id from sessions where revoked_at > now() - make_interval(secs => ${seconds})`)
    const ids = rows.map(({ id }) => id)
    if (whole) {
      wholeAt = performance.now()
      denied = new Set(ids)
    } else for (const id of ids) denied.add(id)
    readAt = began
  }

  await read()
  let timer: NodeJS.Timeout
  let stopped = false
  const next = () => {
    timer = setTimeout(() => {
      void read()
        .catch(onError)
        .finally(() => stopped || next())
    }, every)
  }
  next()

  return {
    revoked: ({ sessionId }) => denied.has(sessionId),
    ageMs: () => performance.now() - readAt,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
