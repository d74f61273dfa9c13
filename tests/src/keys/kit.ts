import { fileURLToPath } from 'node:url'
import { sql } from '@parley/core/db/sql'
import { runProgram } from '@parley/core/testing/program'
import { signUp } from '../stack/people.ts'
import type { Stack } from '../stack/servers.ts'

const bin = fileURLToPath(new URL('../../../apps/cli/bin/parley.js', import.meta.url))

/** `parley` on the database and the data folder of the servers. */
export async function parley(stack: Stack, words: string) {
  const env = { PATH: process.env['PATH'], ...(await stack.env()) }
  const program = runProgram(bin, words.split(' '), { env })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

export interface SignedIn {
  id: number
  token: string
  refreshToken: string
}

export async function person(stack: Stack, name: string): Promise<SignedIn> {
  const client = stack.client()
  const { id } = await signUp(client, name)
  const { token, refresh_token } = client.tokens()
  return { id, token: token ?? '', refreshToken: refresh_token ?? '' }
}

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** Each of these is a status. Nothing is repeated, as a patient client would. */
export async function call(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/api/me`, withToken(token))
  await response.arrayBuffer()
  return response.status
}

/** A stream that is opened, says its first words and is left. */
export async function stream(eventsUrl: string, token: string): Promise<number> {
  const leaving = new AbortController()
  const response = await fetch(eventsUrl, { ...withToken(token), signal: leaving.signal })
  await response.body?.getReader().read()
  leaving.abort()
  return response.status
}

/** Renews the session in place. */
export async function refresh(url: string, who: SignedIn): Promise<number> {
  const response = await fetch(`${url}/api/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost:6688' },
    body: JSON.stringify({ refresh_token: who.refreshToken }),
  })
  const body: unknown = await response.json()
  const [cookie = ''] = response.headers.getSetCookie()
  who.refreshToken = /^parley_rt=([^;]+)/.exec(cookie)?.[1] ?? ''
  who.token = String(Reflect.get(Object(body), 'token'))
  return response.status
}

/** The key that signed a token. */
export function kidOf(token: string): unknown {
  const header: unknown = JSON.parse(
    Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'),
  )
  return Reflect.get(Object(header), 'kid')
}

export const activeKid = async (stack: Stack): Promise<string> =>
  (await stack.sql.one(sql<{ kid: string }>`select kid from signing_keys where state = 'active'`))
    .kid

/** What each server says to a token: to a call, and to a stream. */
export const everywhere = ({ chatUrls, eventsUrls }: Stack, token: string): Promise<number[]> =>
  Promise.all([
    ...chatUrls.map((url) => call(url, token)),
    ...eventsUrls.map((url) => stream(url, token)),
  ])

/** A ticket for a plain EventSource. */
export async function ticketFor(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/api/events/ticket`, { method: 'POST', ...withToken(token) })
  return String(Reflect.get(Object(await response.json()), 'ticket'))
}
