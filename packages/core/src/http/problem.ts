import { type ErrorCode, type Problem, errors } from '@parley/contract'

/** One field that a request got wrong: a JSON pointer, the rule it breaks, and a sentence. */
export interface Issue {
  path: string
  code: string
  message: string
}

/** A refusal from the catalogue; the error renderer turns it into the reply. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  readonly retryAfterSeconds: number | undefined
  /** How much would have been taken. */
  readonly limit: number | undefined
  /** What to bring to the second step of signing in. */
  readonly challenge: string | undefined

  constructor(
    code: ErrorCode,
    more: { issues?: Issue[]; retryAfterSeconds?: number; limit?: number; challenge?: string } = {},
  ) {
    super(code)
    this.code = code
    this.issues = more.issues
    this.retryAfterSeconds = more.retryAfterSeconds
    this.limit = more.limit
    this.challenge = more.challenge
  }
}

/** Refuses the request under way. */
export function refuse(code: ErrorCode, more?: ConstructorParameters<typeof Refusal>[1]): never {
  throw new Refusal(code, more)
}

/** Refuses one field for a rule that the contract's schema cannot say. */
export const refuseField = (path: string, code: string, message: string): never =>
  refuse('invalid_request', { issues: [{ path, code, message }] })

/** The RFC 9457 body of a refusal; its texts depend on the code alone. */
export function problem(
  code: ErrorCode,
  requestId: string,
  { issues, limit, challenge }: Partial<Pick<Refusal, 'issues' | 'limit' | 'challenge'>> = {},
): Problem {
  const { status, title, detail } = errors[code]
  return {
    type: `urn:parley:error:${code}`,
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...(limit === undefined ? {} : { limit }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(issues ? { errors: issues } : {}),
  }
}
