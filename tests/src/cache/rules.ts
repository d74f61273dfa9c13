/** What a shared cache may keep, and for whom (RFC 9111). It uses all that it may. */
import type { IncomingHttpHeaders } from 'node:http'

export interface Stored {
  /** The fields of the request that it was the answer to. */
  asked: IncomingHttpHeaders
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** When it came, in milliseconds. */
  at: number
}

/** RFC 9111, 5.2: names in lower case, with their arguments. */
function directives(field: string | undefined): Map<string, string> {
  const parts = (field ?? '').split(',').map((part) => part.trim().toLowerCase())
  return new Map(
    parts.map((part) => {
      const [name = '', argument = ''] = part.split('=')
      return [name, argument.replaceAll('"', '')] as const
    }),
  )
}

/** RFC 9110, 15.1: those that may be kept though nothing says for how long. */
const heuristic = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/** RFC 9111, 3 and 3.5. */
export function mayStore(
  method: string,
  asked: IncomingHttpHeaders,
  { status, headers }: Pick<Stored, 'status' | 'headers'>,
): boolean {
  const reply = directives(headers['cache-control'])
  if (method !== 'GET' || status < 200 || status === 206 || status === 304) return false
  if (directives(asked['cache-control']).has('no-store')) return false
  if (reply.has('no-store') || reply.has('private')) return false
  const shared = ['public', 's-maxage', 'must-revalidate'].some((name) => reply.has(name))
  if (asked.authorization !== undefined && !shared) return false
  const lasts = ['public', 's-maxage', 'max-age'].some((name) => reply.has(name))
  return lasts || headers.expires !== undefined || heuristic.has(status)
}

/** RFC 9111, 4.1: it is the answer to this request too. */
export function matches({ asked, headers }: Stored, now: IncomingHttpHeaders): boolean {
  const names = [...directives(headers.vary).keys()].filter((name) => name !== '')
  return names.every((name) => name !== '*' && String(asked[name]) === String(now[name]))
}

/** RFC 9111, 4.2: without being asked for again. What says nothing lasts a tenth of its age (4.2.2). */
export function isFresh({ headers, at }: Stored, now = Date.now()): boolean {
  const reply = directives(headers['cache-control'])
  if (reply.has('no-cache')) return false
  const said = reply.get('s-maxage') ?? reply.get('max-age')
  const date = Date.parse(headers.date ?? '') || at
  const until = Date.parse(headers.expires ?? '')
  const changed = Date.parse(headers['last-modified'] ?? '')
  const seconds =
    said !== undefined
      ? Number(said)
      : headers.expires !== undefined
        ? (until - date) / 1000
        : (date - changed) / 10_000
  return (now - at) / 1000 + Number(headers.age ?? 0) < seconds
}
