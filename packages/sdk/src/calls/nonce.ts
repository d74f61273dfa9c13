import { type Endpoint, endpoints } from '@parley/contract'
import type { Parts } from './url.ts'

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits; sorts by time. */
export function makeNonce(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  new DataView(bytes.buffer).setUint16(0, Math.floor(now / 2 ** 32))
  new DataView(bytes.buffer).setUint32(2, now % 2 ** 32)
  bytes.set([((bytes[6] ?? 0) & 0x0f) | 0x70], 6)
  bytes.set([((bytes[8] ?? 0) & 0x3f) | 0x80], 8)
  const all = hex(bytes)
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, n) => all.slice(cuts[n], end))
    .join('-')
}

/** A send keeps its nonce through all its attempts: that is what makes it repeatable. */
export function withNonce(endpoint: Endpoint, parts: Parts): Parts {
  if (endpoint !== endpoints.sendMessage) return parts
  const body: object = typeof parts.body === 'object' && parts.body !== null ? parts.body : {}
  const nonce = 'nonce' in body && body.nonce !== undefined ? body.nonce : makeNonce()
  return { ...parts, body: { ...body, nonce } }
}
