import type { Endpoint } from '@parley/contract'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { bodyForms, fieldsOf, fitsAsText, hasOnlyText, isObject, smallest } from './shape.ts'
import { type World, knownFields, paramOf } from './world.ts'

/** A request of an endpoint, in the words in which it goes over the wire. */
export interface Request {
  endpoint: Endpoint
  params: Record<string, string>
  query: [string, string][]
  /** JSON text by field, or undefined for no body. */
  body: Record<string, string> | undefined
}

/** A request that is right, with the fields that must be there. */
export function validRequest(world: World, endpoint: Endpoint, form?: TSchema): Request {
  const known = Object.entries(knownFields(world, endpoint)).filter(([name]) =>
    fieldsOf(form).some((field) => field.name === name),
  )
  const smallestBody = form && smallest(form)
  const value = isObject(smallestBody) && { ...smallestBody, ...Object.fromEntries(known) }
  return {
    endpoint,
    params: Object.fromEntries(
      fieldsOf(endpoint.params).map(({ name }) => [name, paramOf(world, endpoint, name)]),
    ),
    query: fieldsOf(endpoint.query)
      .filter(({ required }) => required)
      .map(({ name, schema }) => [name, String(smallest(schema))]),
    body: value
      ? Object.fromEntries(
          Object.entries(value).map(([name, field]) => [name, JSON.stringify(field)]),
        )
      : undefined,
  }
}

export const bodyText = ({ body }: Request): string | undefined =>
  body &&
  `{${Object.entries(body)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
    .join(',')}}`

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return '\0'
  }
}

const hasProto = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto))

/**
 * Whether the contract takes the request. Read from the schemas by TypeBox's interpreting checker,
 * where the server has compiled ones, and with a reader of parameters of the test's own.
 */
export function isValid(request: Request): boolean {
  const { endpoint, params, query } = request
  const text = bodyText(request)
  const body = text === undefined ? {} : parsed(text)
  const schema = endpoint.body
  return (
    fitsAsText(endpoint.params, Object.entries(params)) &&
    fitsAsText(endpoint.query, query) &&
    hasOnlyText(body) &&
    !hasProto(body) &&
    (schema ? Value.Check(schema, body) : isObject(body) && Object.keys(body).length === 0)
  )
}

export function urlOf({ endpoint, params, query }: Request): string {
  const path = endpoint.path.replace(/:([a-z_]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const search = new URLSearchParams(query).toString()
  return search ? `${path}?${search}` : path
}

/** What a passed request would take away from the requests after it. */
export const isDestructive = ({ method, path }: Endpoint): boolean =>
  method === 'DELETE' || path.endsWith('/leave')

/** Whose token a request that is refused is tried with: somebody's who would be served. */
export const insidersToken = (world: World, { auth }: Endpoint): string =>
  auth === 'admin' ? world.administratorsToken : world.token

/** Whose token a request is tried with: what takes something away is asked by whom it does not belong to. */
export function tokenFor(world: World, endpoint: Endpoint): string {
  if (endpoint.auth === 'admin') return world.administratorsToken
  if (endpoint.path === '/api/me/password') return world.expendableToken
  return isDestructive(endpoint) ? world.strangersToken : world.token
}

export function formsOf(endpoint: Endpoint): (TSchema | undefined)[] {
  const forms = bodyForms(endpoint)
  return forms.length > 0 ? forms : [undefined]
}

/** Text that no URL can hold: `.` and `..` are steps, and half a surrogate pair has no UTF-8. */
export const fitsInPath = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && text.isWellFormed()
