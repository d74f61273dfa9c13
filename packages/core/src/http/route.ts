import { type AnyOutput, type Endpoint, type Input, type Output, object } from '@parley/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../db/change.ts'
import type { Principal } from '../tokens/principal.ts'
import { networkOf } from './network.ts'
import { textValidator, validator } from './validate.ts'

type Status<E extends Endpoint> = keyof E['replies'] & number

/** What a handler gets: the checked input, who asks, and the raw request and reply where it must. */
export type Call<E extends Endpoint> = Input<E> & {
  principal: E['auth'] extends 'none' ? undefined : Principal
  /** The same, and where the request came from: for what changes something. */
  by: Actor
  request: FastifyRequest
  reply: FastifyReply
}

/** A body, sent with the endpoint's first status; or a body with a status of its own. */
export type Answer<E extends Endpoint> = Output<E> | Replied<E> | Led

const led: unique symbol = Symbol('led')

export interface Led {
  readonly [led]: string
}

/** Leads on to another address in place of a body: 302. */
export const leadTo = (url: string): Led => ({ [led]: url })

const isLed = (answer: unknown): answer is Led =>
  typeof answer === 'object' && answer !== null && led in answer

const replied: unique symbol = Symbol('replied')

export interface Replied<E extends Endpoint> {
  readonly [replied]: true
  readonly status: Status<E>
  readonly body: AnyOutput<E>
}

/** Answers with another status than the endpoint's first. */
export const reply = <E extends Endpoint>(status: Status<E>, body: AnyOutput<E>): Replied<E> => ({
  [replied]: true,
  status,
  body,
})

const isReplied = <E extends Endpoint>(answer: Answer<E>): answer is Replied<E> =>
  typeof answer === 'object' && answer !== null && replied in answer

/**
 * Serves an endpoint of the contract: authentication, input and reply follow its schema, so a
 * handler sees only valid input and no field leaves that the contract does not name.
 */
export function route<const E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handle: (call: Call<E>) => Promise<Answer<E>>,
): void {
  const params = endpoint.params && textValidator(endpoint.params, '/params')
  const query = textValidator(endpoint.query ?? nothing, '/query')
  // A form is read by its handler, part by part.
  const body = endpoint.form ? () => ({}) : validator(endpoint.body ?? nothing, '/body')
  const [first] = Object.keys(endpoint.replies).map(Number)

  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint },
    schema: { response: withoutNothing(endpoint.replies) },
    handler: async (request, fastifyReply) => {
      const call = {
        principal: request.principal,
        by: { ...request.principal, network: networkOf(request.ip), requestId: request.id },
        request,
        reply: fastifyReply,
        ...(params && { params: params(request.params) }),
        query: query(request.query),
        // A call without a body counts as one with an empty object.
        body: body(request.body === undefined ? {} : request.body),
      }
      // The validators above have just made it one.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const answer = await handle(call as unknown as Call<E>)
      if (isLed(answer)) return fastifyReply.redirect(answer[led], 302)
      const status = isReplied<E>(answer) ? answer.status : first
      fastifyReply.code(status ?? 200)
      return status === 204 ? undefined : isReplied<E>(answer) ? answer.body : answer
    },
  })
}

const nothing = object({})

/** A 204 has no body, hence nothing to serialise. */
const withoutNothing = (replies: Endpoint['replies']) =>
  Object.fromEntries(Object.entries(replies).filter(([status]) => status !== '204'))
