import { errorCode } from '@parley/core/start-error'
import { AuthorizationResponseError } from 'openid-client'
import type { Flow } from './flow.ts'

/** How a way to the provider and back ended, as the client is told in the address of its page. */
export type Outcome =
  | 'done'
  | 'linked'
  | 'confirmed'
  /** The provider does not answer. */
  | 'unreachable'
  /** The person said no there, or was not let in. */
  | 'refused'
  /** It took too long, was gone before, or is not this browser's. */
  | 'expired'
  /** What the provider said cannot be believed. */
  | 'failed'
  /** It does not vouch for an address. */
  | 'unverified'
  /** The address is that of an account that is not linked. */
  | 'taken'
  | 'closed'
  | 'disabled'
  | 'invite_gone'
  /** It is linked to somebody else's account, or the account to somebody else there. */
  | 'other'

/** Ends a flow without what it was for. */
export class Ended extends Error {
  readonly outcome: Outcome
  /** Whose account it would have been. */
  readonly userId: number | undefined

  constructor(outcome: Outcome, { cause, userId }: { cause?: unknown; userId?: number } = {}) {
    super(outcome, { cause })
    this.outcome = outcome
    this.userId = userId
  }
}

/** What the log says of an error: never what it quotes of an answer, which may name somebody. */
export function reasonOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return {}
  const { name, message: reason, cause } = error
  const told = { name, reason, code: errorCode(error) || errorCode(cause) }
  return error instanceof AuthorizationResponseError ? { ...told, error: error.error } : told
}

/** The page that says how it ended: the sign-in page, or where one came from. */
export function pageFor(outcome: Outcome, flow: Pick<Flow, 'purpose' | 'to'>): string {
  if (flow.purpose === 'sign_in')
    return `/signin?${new URLSearchParams({ openid: outcome, to: flow.to }).toString()}`
  const [path = '/'] = flow.to.split(/[?#]/)
  return `${path}?${new URLSearchParams({ openid: outcome }).toString()}`
}
