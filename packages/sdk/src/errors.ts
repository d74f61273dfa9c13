import type { ErrorCode, Problem } from '@parley/contract'

/**
 * Whether a failed call may have taken effect: `refused` means surely not, `unknown` that nobody
 * can tell from here.
 */
export type Outcome = 'refused' | 'unknown'

type Issues = NonNullable<Problem['errors']>

/** The server answered with a problem. Its texts are for people; branch on `code`. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError'
  readonly code: ErrorCode | (string & {})
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly request_id: string
  /** The fields that were wrong; empty unless the code is `invalid_request`. */
  readonly errors: Issues
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** How much would have been taken, where a limit is why. */
  readonly limit: number | undefined
  /** What to bring to `signInSecond`, where the code is `second_factor_required`. */
  readonly challenge: string | undefined
  readonly outcome: Outcome

  constructor(
    problem: Omit<Problem, 'type' | 'errors' | 'limit' | 'challenge'> & {
      errors?: Issues | undefined
      limit?: number | undefined
      challenge?: string | undefined
    },
    more: { retryAfterMs?: number | undefined; outcome?: Outcome } = {},
  ) {
    super(problem.detail)
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail
    this.request_id = problem.request_id
    this.errors = problem.errors ?? []
    this.limit = problem.limit
    this.challenge = problem.challenge
    this.retryAfterMs = more.retryAfterMs
    this.outcome = more.outcome ?? (problem.status < 500 ? 'refused' : 'unknown')
  }
}

/**
 * No answer that Parley would give: no connection, a time-out, a proxy's page, JSON cut in the
 * middle. The call may have taken effect all the same.
 */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** The status of an answer that was not Parley's, undefined where there was none. */
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly outcome: Outcome = 'unknown'

  constructor(
    message: string,
    more: { cause?: unknown; status?: number; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: more.cause })
    this.status = more.status
    this.retryAfterMs = more.retryAfterMs
  }
}

/** The call certainly had no effect. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ParleyError && error.outcome === 'refused'
