import type { IncomingMessage } from 'node:http'
import type { Db } from '@parley/core/db/connection'
import type { Verifier } from '@parley/core/tokens/verify'
import { authenticate } from './authenticate.ts'
import { type Cursor, parseCursor } from './cursor.ts'
import type { Reader } from './stream.ts'

/** A stream that may be opened, or why not; `later` when nothing is wrong with the request. */
export type Admission =
  | { reader: Reader; cursor: Cursor | undefined }
  | 'not_signed_in'
  | 'invalid_cursor'
  | 'invalid_request'
  | 'later'

export async function admit(
  request: IncomingMessage,
  query: URLSearchParams,
  db: Db,
  verifier: Verifier,
  /** Whether the server has room for one more, asked when the client is known. */
  hasRoom: () => boolean,
): Promise<Admission> {
  const reader = await authenticate(request, query, db, verifier).catch(() => 'later' as const)
  if (reader === undefined) return 'not_signed_in'
  if (reader === 'later' || !hasRoom()) return 'later'
  // A body would stand in the way of noticing that the client has gone.
  if (hasBody(request)) return 'invalid_request'
  const text = lastEventId(request, query)
  if (text === '') return { reader, cursor: undefined }
  const cursor = parseCursor(text)
  return cursor ? { reader, cursor } : 'invalid_cursor'
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** The header is the newer one: an EventSource repeats its first URL for ever. */
function lastEventId({ headers }: IncomingMessage, query: URLSearchParams): string {
  const header = headers['last-event-id']
  return (typeof header === 'string' && header) || query.get('last_event_id') || ''
}
