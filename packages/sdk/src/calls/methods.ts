import { type Endpoint, type Endpoints, type Input, type Output, endpoints } from '@parley/contract'
import type { Reply } from './attempt.ts'
import type { Parts } from './url.ts'

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** How long a GET or a send is repeated, in milliseconds from its first attempt; 0: never. */
  retryLimitMs?: number
}

/** What a call takes; nothing where its endpoint needs nothing. */
type Arguments<E extends Endpoint> =
  Partial<Input<E>> extends Input<E>
    ? [input?: Input<E>, options?: CallOptions]
    : [input: Input<E>, options?: CallOptions]

export type Call = <E extends Endpoint>(endpoint: E, ...args: Arguments<E>) => Promise<Output<E>>
export type Request = <E extends Endpoint>(
  endpoint: E,
  ...args: Arguments<E>
) => Promise<Reply<Output<E>>>

/** Every endpoint of the contract as a method. */
export type Methods = {
  [K in keyof Endpoints]: (...args: Arguments<Endpoints[K]>) => Promise<Output<Endpoints[K]>>
}

type Untyped = (endpoint: Endpoint, input?: Parts, options?: CallOptions) => Promise<Reply<unknown>>

/**
 * Gives a call the contract's types. This is where JSON comes in: what the server serialised by
 * the endpoint's schema is taken to have its type.
 */
export function callsOf(request: Untyped): { typed: Request; call: Call; methods: Methods } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parsing edge
  const typed = request as Request
  const call: Call = async (endpoint, ...args) => (await typed(endpoint, ...args)).body
  const methods: unknown = Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [
      name,
      async (input?: Parts, options?: CallOptions) =>
        (await request(endpoint, input, options)).body,
    ]),
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the same table
  return { typed, call, methods: methods as Methods }
}
