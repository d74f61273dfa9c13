import type { Static, TObject, TSchema } from 'typebox'
import { type ErrorCode, commonErrors } from './errors.ts'

/** One call of the API: the server's route, the SDK's method and its page in OpenAPI come from it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: `/api/${string}`
  /** One sentence for readers of the API's pages. */
  summary: string
  tag: string
  /**
   * `access` takes an access token; `none` is open to anybody. `confirmed` takes the token of a session
   * in which the caller has just proved who they are, by signing in or by `confirmMe`. `admin` takes
   * the token of an administrator of the instance who has a second factor, for all but GET confirmed too;
   * to all others there is nothing.
   */
  auth: 'access' | 'confirmed' | 'admin' | 'none'
  /** Also for whom a second factor is due, who may do nothing else before they have set one up. */
  settingUp?: true
  /**
   * What becomes of the session's cookie: the answer brings a new session, or it is over; or it brings a
   * cookie by which the session is known when the browser comes back from elsewhere.
   */
  session?: 'begins' | 'ends' | 'goes'
  params?: TObject
  query?: TObject
  body?: TSchema
  /** The body is a form (RFC 7578) in place of JSON. */
  form?: true
  /** Who does not ask for JSON is led on by a 302. */
  redirects?: true
  /** What comes back, by status. */
  replies: Partial<Record<200 | 201 | 202 | 204, TSchema>>
  /** What can be refused besides the answers any call can give. */
  errors?: readonly ErrorCode[]
}

/** The event stream of the notify-server, as readers are told of it. */
export interface EventStream {
  path: `/${string}`
  summary: string
  description: string
  tag: string
  headers: TObject
  query: TObject
  /** The schema of `data`, by the name of the event. */
  events: Record<string, TSchema>
  example: string
  errors: readonly ErrorCode[]
}

/** Declares an endpoint and keeps its exact type. */
export const endpoint = <const E extends Endpoint>(definition: E): E => definition

/** Every code that a call may be refused with. */
export function codesOf(endpoint: Endpoint): ErrorCode[] {
  const { method, auth, params, query, form, settingUp, errors = [] } = endpoint
  const hasBody = method !== 'GET'
  return [
    ...errors,
    ...commonErrors,
    ...(auth === 'none' ? [] : ['not_signed_in' as const]),
    ...(auth === 'none' || settingUp ? [] : ['second_factor_due' as const]),
    ...(auth === 'admin' ? (['not_found', 'second_factor_missing'] as const) : []),
    ...(auth === 'confirmed' || (auth === 'admin' && hasBody)
      ? ['confirmation_required' as const]
      : []),
    ...(hasBody ? (['unsupported_media_type'] as const) : []),
    ...(hasBody && !form ? (['malformed_json', 'too_large'] as const) : []),
    ...(hasBody || params || query ? ['invalid_text' as const] : []),
  ]
}

type Part<E, K extends string> = E extends { [P in K]: infer S extends TSchema }
  ? { [P in K]: Static<S> }
  : unknown

type Simplify<T> = { [K in keyof T]: T[K] }

/** What a call takes: its `params`, `query` and `body`, each only where the endpoint has it. */
export type Input<E extends Endpoint> = Simplify<
  Part<E, 'params'> & Part<E, 'query'> & Part<E, 'body'>
>

type Reply<E extends Endpoint, Status> = Static<
  Extract<E['replies'][Extract<keyof E['replies'], Status>], TSchema>
>

/** What a call can answer, whichever 2xx it is. */
export type AnyOutput<E extends Endpoint> = Reply<E, 200 | 201 | 202 | 204>

/**
 * What a call answers when it is done, whichever 2xx it is. That it is put off, by a 202 where there are
 * others, its status says: such a body is empty.
 */
export type Output<E extends Endpoint> =
  Exclude<keyof E['replies'], 202> extends never ? Reply<E, 202> : Reply<E, 200 | 201 | 204>
