import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '@parley/core/clock'
import type { Db } from '@parley/core/db/connection'
import { bearer } from '@parley/core/tokens/bearer'
import type { KeySet } from '@parley/core/tokens/key-set'
import type { Verifier } from '@parley/core/tokens/verify'
import { takeTicket } from './queries.ts'
import type { Reader } from './stream.ts'

export interface Knowing {
  db: Db
  clock: Clock
  verifier: Verifier
  keys: Pick<KeySet, 'find'>
}

/**
 * Who wants to read: by an access token in the one Authorization header, or by a one-time ticket in
 * the query for an EventSource, which can send no header. Nothing else counts: no cookie, because
 * cookies do not keep ports apart, and no token in a query, because queries end up in logs.
 */
export async function authenticate(
  request: IncomingMessage,
  query: URLSearchParams,
  { db, clock, verifier, keys }: Knowing,
): Promise<Reader | undefined> {
  if (request.headers.authorization === undefined) {
    return byTicket(query.getAll('ticket'), db, keys)
  }
  const token = bearer(request.rawHeaders)
  const principal = token === undefined ? undefined : await verifier.verify(token)
  if (principal === undefined) return undefined
  // The verifier forgives a little; a stream would end before it began.
  const expiresAt = principal.expiresAt * 1000
  if (expiresAt <= clock.now()) return undefined
  const { userId, sessionId, kid } = principal
  return { userId, sessionId, kid, expiresAt }
}

async function byTicket(
  tickets: string[],
  db: Db,
  keys: Pick<KeySet, 'find'>,
): Promise<Reader | undefined> {
  const [ticket] = tickets
  if (ticket === undefined || tickets.length > 1 || !/^[\w-]{16,128}$/.test(ticket))
    return undefined
  const taken = await db.maybe(takeTicket(createHash('sha256').update(ticket).digest()))
  if (taken === undefined) return undefined
  const { user_id: userId, session_id: sessionId } = taken
  const kid = taken.kid ?? undefined
  if (kid !== undefined && (await keys.find(kid)) === undefined) return undefined
  return { userId, sessionId, kid, expiresAt: undefined }
}
