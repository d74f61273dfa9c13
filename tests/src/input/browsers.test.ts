import { type Endpoint, endpoints } from '@parley/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ChatServer, startChat } from './kit.ts'
import { expectHeaders, expectProblem, securityHeaders } from './problem.ts'

const all = Object.entries<Endpoint>(endpoints)
const home = 'https://chat.example.org'
const friend = 'https://web.example.org:8443'

let server: ChatServer
beforeAll(async () => {
  server = await startChat({ PARLEY_PUBLIC_URL: home, PARLEY_ALLOWED_ORIGINS: friend })
})
afterAll(() => server.stop())

async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const reply = await fetch(server.url + path, { method, headers, redirect: 'manual' })
  return {
    status: reply.status,
    headers: reply.headers,
    header: (name: string) => reply.headers.get(name) ?? undefined,
    body: await reply.text(),
  }
}

const preflight = (origin: string) => ({
  origin,
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'authorization,content-type',
})

/** The names of the headers in which a server says what pages of others may do. */
const spoken = (headers: Headers) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

const pathOf = ({ path }: Endpoint) => path.replace(/:[a-z_]+/g, '1')

describe.each(all)('%s', (_name, endpoint) => {
  test('has all headers when refused, and leaves other methods alone', async () => {
    const path = pathOf(endpoint)
    for (const method of [endpoint.method, 'HEAD', 'OPTIONS']) {
      const reply = await ask(method, path)
      expectHeaders(reply)
      expect(reply.header('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
      expect(reply.status).toBeLessThan(500)
      expect(spoken(reply.headers)).toEqual([])
      expect(reply.body === '').toBe(method === 'HEAD' || reply.status === 204)
    }
    expect(expectProblem(await ask('PROPFIND', path))).toBe('not_found')
  })

  test('WB-02: may be called by pages of allowed origins and by no others', async () => {
    for (const origin of [home, friend]) {
      const reply = await ask('OPTIONS', pathOf(endpoint), preflight(origin))
      expect(reply.status).toBe(204)
      expectHeaders(reply)
      expect(reply.header('access-control-allow-origin')).toBe(origin)
      expect(reply.header('access-control-allow-methods')).toContain(endpoint.method)
      expect(reply.header('access-control-allow-headers')).toBe(
        'authorization, content-type, x-request-id',
      )
    }
  })
})

const strangers = [
  'https://evil.example',
  'null',
  'http://chat.example.org',
  'https://chat.example.org:444',
  'https://chat.example.org.evil.example',
  'https://evilchat.example.org',
  'https://sub.chat.example.org',
  'https://chat.example.org/',
  'https://chat.example.org@evil.example',
  'https://CHAT.example.org',
  'https://chat.example.org, https://evil.example',
  'https://web.example.org',
  '*',
]

test.for(strangers)('a page of %s is told nothing', async (origin) => {
  for (const headers of [{ origin }, { origin, cookie: 'x=y' }, preflight(origin)])
    for (const method of ['OPTIONS', 'GET'])
      for (const path of ['/api/instance', '/api/me', '/api/nothing', '/api/%zz', '/docs/']) {
        const reply = await ask(method, path, headers)
        expect(spoken(reply.headers)).toEqual([])
        expect(reply.header('vary')).toContain('Origin')
      }
})

test('a page of an allowed origin may read answers and refusals, with credentials', async () => {
  for (const path of ['/api/instance', '/api/me', '/api/nothing']) {
    const reply = await ask('GET', path, { origin: friend })
    expect(reply.header('access-control-allow-origin')).toBe(friend)
    expect(reply.header('access-control-allow-credentials')).toBe('true')
    expect(reply.header('access-control-expose-headers')).toBe(
      'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-event-cursor, x-request-id',
    )
    expectHeaders(reply)
  }
})

test('WB-01: health, documents and errors have the same headers', async () => {
  for (const path of ['/healthz', '/readyz', '/api/openapi.json', '/api/%zz', '/nothing'])
    expectHeaders(await ask('GET', path))
  const { 'content-security-policy': _, ...others } = securityHeaders
  for (const path of ['/docs', '/docs/']) {
    const reply = await ask('GET', path)
    for (const [name, value] of Object.entries(others)) expect(reply.header(name)).toBe(value)
  }
})

test('over plain http nothing is said of https', async () => {
  const plain = await startChat()
  const reply = await fetch(`${plain.url}/healthz`)
  expect(reply.headers.has('strict-transport-security')).toBe(false)
  await plain.stop()
})
