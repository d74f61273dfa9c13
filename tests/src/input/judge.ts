import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Endpoint, codesOf } from '@parley/contract'
import type pg from 'pg'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import { type AnyReply, expectHeaders, expectProblem } from './problem.ts'
import { type Request as Sent, bodyText, isValid, urlOf } from './request.ts'

export interface Answer {
  status: number
  /** CPU time of this process from the request to its answer, client and server, in milliseconds. */
  cpuMs: number
}

const short = (text: string): string =>
  text.length > 300 ? `${text.slice(0, 300)}… (${text.length})` : text

/** Sends a request and checks whatever comes back against the contract. */
export async function judge(url: string, token: string, sent: Sent): Promise<Answer> {
  const body = bodyText(sent)
  const { endpoint } = sent
  const valid = isValid(sent)
  const before = process.cpuUsage()
  const answer = await send(url + urlOf(sent), endpoint.method, token, body)
  const { user, system } = process.cpuUsage(before)
  try {
    if (valid && answer.status < 300) expectReply(endpoint, answer)
    else expectRefusal(endpoint, urlOf(sent), answer)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  } catch (error) {
    const what = `${endpoint.method} ${short(urlOf(sent))} ${short(body ?? '')}`
    throw new Error(`${what}\n${answer.status} ${short(answer.body)} (valid: ${valid})`, {
      cause: error,
    })
  }
  return { status: answer.status, cpuMs: (user + system) / 1000 }
}

const agent = new Agent({ keepAlive: true })

/** By node:http, which costs a third of what fetch costs: thousands of requests are sent. */
async function send(url: string, method: string, token: string, body?: string): Promise<AnyReply> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  const call = request(url, { agent, method, headers })
  if (body !== undefined) {
    call.setHeader('content-type', 'application/json')
    // Node frames the body of a DELETE only where it is told the length.
    call.setHeader('content-length', Buffer.byteLength(body))
  }
  call.end(body)
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve).on('error', reject)
  })
  const header = (name: string) => {
    const value = reply.headers[name]
    return Array.isArray(value) ? value.join() : value
  }
  return { status: reply.statusCode ?? 0, header, body: await text(reply) }
}

function expectReply({ replies }: Endpoint, answer: AnyReply): void {
  expectHeaders(answer)
  const [, schema] = Object.entries(replies).find(([s]) => s === String(answer.status)) ?? []
  if (!schema) throw new Error('a status that the contract does not have')
  const value: unknown = answer.body === '' ? null : JSON.parse(answer.body)
  expect(Value.Errors(schema, value)).toEqual([])
}

/** A request line longer than this may not fit beside the other headers: Node takes 16 KiB in all. */
const longTarget = 15_000

function expectRefusal(endpoint: Endpoint, target: string, answer: AnyReply): void {
  const code = expectProblem(answer)
  // Several long values together never reach an endpoint.
  const unread = target.length > longTarget ? ['headers_too_large'] : []
  expect([...codesOf(endpoint), ...unread]).toContain(code)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
}

/**
 * How many rows every table has, and which transaction wrote last to each. Some are left out: what is
 * refused may be noted in the audit log, and the server removes garbage when it has time.
 */
export async function watchTables(client: pg.Client): Promise<() => Promise<unknown[]>> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relname not in ('audit_log', 'audit_end', 'file_garbage') and relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
     order by relname`,
  )
  const each = rows.map(
    ({ name }) =>
      `select '${name}' as name, count(*) as rows, max(xmin::text::bigint) as writer from ${name}`,
  )
  const query = { name: 'contents', text: each.join(' union all ') }
  return async () => (await client.query<pg.QueryResultRow>(query)).rows
}
