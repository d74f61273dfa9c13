import { type Endpoint, codesOf } from '@parley/contract'
import type pg from 'pg'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import { expectHeaders, expectProblem } from './problem.ts'
import { type Request, bodyText, isValid, urlOf } from './request.ts'

export interface Answer {
  status: number
  /** CPU time of this process from the request to its answer, client and server, in milliseconds. */
  cpuMs: number
}

const short = (text: string): string =>
  text.length > 300 ? `${text.slice(0, 300)}… (${text.length})` : text

/** Sends a request and checks whatever comes back against the contract. */
export async function judge(url: string, token: string, request: Request): Promise<Answer> {
  const body = bodyText(request)
  const { endpoint } = request
  const valid = isValid(request)
  const before = process.cpuUsage()
  const reply = await fetch(url + urlOf(request), {
    method: endpoint.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    // Half characters stay what they are only as escapes, which is how the values spell them.
    ...(body === undefined ? {} : { body }),
  })
  const answer = {
    status: reply.status,
    body: await reply.text(),
    header: (name: string) => reply.headers.get(name) ?? undefined,
  }
  const { user, system } = process.cpuUsage(before)
  try {
    if (valid && answer.status < 300) expectReply(endpoint, answer)
    else expectRefusal(endpoint, answer)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  } catch (error) {
    const what = `${endpoint.method} ${short(urlOf(request))} ${short(body ?? '')}`
    throw new Error(`${what}\n${answer.status} ${short(answer.body)} (valid: ${valid})`, {
      cause: error,
    })
  }
  return { status: answer.status, cpuMs: (user + system) / 1000 }
}

type Replied = Parameters<typeof expectHeaders>[0]

function expectReply({ replies }: Endpoint, answer: Replied): void {
  expectHeaders(answer)
  const [, schema] = Object.entries(replies).find(([s]) => s === String(answer.status)) ?? []
  if (!schema) throw new Error('a status that the contract does not have')
  const value: unknown = answer.body === '' ? null : JSON.parse(answer.body)
  expect(Value.Errors(schema, value)).toEqual([])
}

function expectRefusal(endpoint: Endpoint, answer: Replied): void {
  const code = expectProblem(answer)
  expect(codesOf(endpoint)).toContain(code)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
}

/** How many rows every table has, and which transaction wrote last to each. */
export async function watchTables(client: pg.Client): Promise<() => Promise<unknown[]>> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
     order by relname`,
  )
  const each = rows.map(
    ({ name }) =>
      `select '${name}' as name, count(*) as rows, max(xmin::text::bigint) as writer from ${name}`,
  )
  const query = { name: 'contents', text: each.join(' union all ') }
  return async () => (await client.query<pg.QueryResultRow>(query)).rows
}
