import type { Problem } from '@parley/contract'
import { NetworkError, ParleyError } from '../errors.ts'

/** `Retry-After` (RFC 9110, 10.2.3) in milliseconds: seconds, or a date. */
function retryAfterMs(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'status' in value &&
  typeof value.status === 'number'

const mediaType = (response: Response): string | undefined =>
  response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new NetworkError('The answer broke off or is not JSON.', {
      cause,
      status: response.status,
    })
  }
}

/** The error that an answer other than 2xx stands for. */
export async function failure(response: Response): Promise<ParleyError | NetworkError> {
  const wait = retryAfterMs(response.headers)
  const foreign = (cause?: unknown) =>
    new NetworkError(`The answer ${response.status} is not from Parley.`, {
      cause,
      status: response.status,
      retryAfterMs: wait,
    })
  if (mediaType(response) !== 'application/problem+json') {
    await response.body?.cancel().catch(() => undefined)
    return foreign()
  }
  try {
    const problem = await json(response)
    return isProblem(problem) ? new ParleyError(problem, { retryAfterMs: wait }) : foreign()
  } catch (cause) {
    return foreign(cause)
  }
}

/** The body of an answer, null where it has none. Throws what `failure` describes. */
export async function bodyOf(response: Response): Promise<unknown> {
  if (!response.ok) throw await failure(response)
  if (response.status === 204) return null
  if (mediaType(response) === 'application/json') return json(response)
  await response.body?.cancel().catch(() => undefined)
  throw new NetworkError(`The answer ${response.status} is not JSON.`, { status: response.status })
}
