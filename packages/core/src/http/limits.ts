import type { FastifyReply, FastifyRequest } from 'fastify'
import { blockOf } from '../throttle/block.ts'
import type { Verdict } from '../throttle/buckets.ts'
import { type LimitName, limits, limitsOf } from '../throttle/limits.ts'
import type { Counted, Throttle } from '../throttle/throttle.ts'
import { refuse } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route takes from that serves no endpoint of the contract. */
    limits?: readonly LimitName[]
  }
}

const seconds = (ms: number): number => Math.ceil(ms / 1000)

/**
 * Tells whoever asks how much they may go on (draft-ietf-httpapi-ratelimit-headers-06, the form that most
 * clients read), and refuses what is too much.
 */
export function tellLimit(reply: FastifyReply, verdict: Verdict | undefined): void {
  if (verdict === undefined) return
  const { allowed, burst, remaining, fullInMs, retryInMs } = verdict
  reply.header('ratelimit-limit', String(burst))
  reply.header('ratelimit-remaining', String(remaining))
  reply.header('ratelimit-reset', String(seconds(allowed ? fullInMs : retryInMs)))
  if (!allowed) refuse('rate_limited', { retryAfterSeconds: Math.max(1, seconds(retryInMs)) })
}

/** Whose bucket it is: that of the person whom a token has proved, or of where they come from. */
function counted(limit: LimitName, { ip, principal }: FastifyRequest): Counted {
  switch (limits[limit].by) {
    case 'person':
      return principal === undefined
        ? ['strangers', blockOf(ip)]
        : [limit, String(principal.userId)]
    case 'address':
      return [limit, blockOf(ip)]
    case 'instance':
      return [limit, '']
    case 'account and address':
      throw new Error('only a handler knows the account')
  }
}

const stranger = ['strangers'] as const

const person = ['requests'] as const

function limitsAt({ routeOptions: { config }, is404 }: FastifyRequest): readonly LimitName[] {
  if (is404) return stranger
  if (config.limits) return config.limits
  if (config.endpoint) return limitsOf(config.endpoint)
  return config.open ? [] : person
}

export interface Limiter {
  /** For whoever has no good token, before they are told so. */
  stranger(request: FastifyRequest, reply: FastifyReply): void
  /** For all others. */
  request(request: FastifyRequest, reply: FastifyReply): void
}

/** Counts by the route that a request led to, never by its address; without a throttle nothing is counted. */
export function createLimiter(throttle: Throttle | undefined): Limiter {
  const count = (names: readonly LimitName[], request: FastifyRequest, reply: FastifyReply) =>
    tellLimit(reply, throttle?.take(names.map((limit) => counted(limit, request))))
  return {
    stranger: (request, reply) => count(stranger, request, reply),
    request: (request, reply) => count(limitsAt(request), request, reply),
  }
}
