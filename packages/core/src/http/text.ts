import { isUtf8 } from 'node:buffer'
import { refuse } from './problem.ts'

/** Deeper JSON than any request has. */
const deepest = 32
/** More values than any request has: the longest list of people has 1,000. */
const most = 4096

/** Parses a JSON body; refuses what is not UTF-8, not JSON, or holds text that cannot be stored. */
export function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) refuse('invalid_text')
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    refuse('malformed_json')
  }
  checkText(value, 0, { left: most })
  return value
}

/** NUL cannot be stored in PostgreSQL, and half a surrogate pair is no text. */
export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

function checkText(value: unknown, depth: number, budget: { left: number }): void {
  if (budget.left-- === 0) refuse('too_large')
  if (typeof value === 'string') {
    if (!isText(value)) refuse('invalid_text')
  } else if (typeof value === 'object' && value !== null) {
    if (depth === deepest) refuse('malformed_json')
    for (const [key, inner] of Object.entries(value)) {
      // Never a field of ours, and poison where an object is copied by assignment.
      if (key === '__proto__' || !isText(key)) refuse('malformed_json')
      checkText(inner, depth + 1, budget)
    }
  }
}
