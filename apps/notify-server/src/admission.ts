import type { IncomingMessage } from 'node:http'
import { type Knowing, authenticate } from './authenticate.ts'
import { type Cursor, parseCursor } from './cursor.ts'
import type { Reader } from './stream.ts'
import type { Later } from './stream-watch.ts'

/** A stream that may be opened, or why not; `later` when nothing is wrong with the request. */
export type Admission =
  | { reader: Reader; cursor: Cursor | undefined }
  | { refused: 'not_signed_in' | 'invalid_cursor' | 'invalid_request'; reader?: Reader }
  | { later: Later; reader?: Reader }

interface Admitting extends Knowing {
  /** Why the server has no room for one more, if so; asked when the client is known. */
  noRoom(): Later | undefined
}

export async function admit(
  request: IncomingMessage,
  query: URLSearchParams,
  { noRoom, ...knowing }: Admitting,
): Promise<Admission> {
  const reader = await authenticate(request, query, knowing).catch(() => 'unknown' as const)
  if (reader === undefined) return { refused: 'not_signed_in' }
  if (reader === 'unknown') return { later: 'database' }
  const later = noRoom()
  if (later !== undefined) return { later, reader }
  // A body would stand in the way of noticing that the client has gone.
  if (hasBody(request)) return { refused: 'invalid_request', reader }
  const text = lastEventId(request, query)
  if (text === '') return { reader, cursor: undefined }
  const cursor = parseCursor(text)
  return cursor ? { reader, cursor } : { refused: 'invalid_cursor', reader }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** The header is the newer one: an EventSource repeats its first URL for ever. */
function lastEventId({ headers }: IncomingMessage, query: URLSearchParams): string {
  const header = headers['last-event-id']
  return (typeof header === 'string' && header) || query.get('last_event_id') || ''
}
