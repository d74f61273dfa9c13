import { type ErrorCode, Problem, errors } from '@parley/contract'
import { Value } from 'typebox/value'
import { expect } from 'vitest'

/** What WB-01 asks of every reply of the API. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  vary: 'Origin, Authorization',
  'x-content-type-options': 'nosniff',
}

export interface AnyReply {
  status: number
  /** By lower-case name. */
  header(name: string): string | undefined
  body: string
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code)

/** Checks that every reply has its headers, whatever it says. */
export function expectHeaders({ header }: AnyReply): void {
  const names = Object.keys(securityHeaders)
  expect(Object.fromEntries(names.map((name) => [name, header(name)]))).toEqual(securityHeaders)
  expect(header('x-request-id')).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/)
  expect(header('server')).toBeUndefined()
  expect(header('x-powered-by')).toBeUndefined()
}

/** Checks a refusal to the last byte: headers, shape, and the catalogue's texts. Returns its code. */
export function expectProblem(reply: AnyReply): ErrorCode {
  expectHeaders(reply)
  expect(reply.header('content-type')).toBe('application/problem+json')
  const problem: unknown = JSON.parse(reply.body)
  if (!Value.Check(Problem, problem)) throw new Error(`not a problem: ${reply.body.slice(0, 500)}`)
  const { code, status, title, detail, type, request_id } = problem
  if (!isCode(code)) throw new Error(`not in the catalogue: ${code}`)
  expect({ status, title, detail, type }).toEqual({
    ...errors[code],
    type: `urn:parley:error:${code}`,
  })
  expect(reply.status).toBe(status)
  expect(reply.header('x-request-id')).toBe(request_id)
  return code
}
