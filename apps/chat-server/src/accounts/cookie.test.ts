import { refresh, signOut, signUp } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const home = 'http://localhost:6688'
let count = 0
async function cookieFrom(url: string) {
  const name = `c${++count}`
  const { headers } = await caller(url).ask(signUp, {
    body: { username: name, email: `${name}@example.org`, password: 'a long password' },
  })
  const [cookie = ''] = headers.getSetCookie()
  return { cookie: cookie.split(';')[0] ?? '', attributes: cookie.split('; ').slice(1) }
}

test('on loopback over http the cookie is closed to scripts and to other sites', async () => {
  const { cookie, attributes } = await cookieFrom(server.url)
  expect(cookie).toMatch(/^parley_rt=[\w-]{64}$/)
  expect(attributes.toSorted()).toEqual([
    'HttpOnly',
    'Max-Age=2592000',
    'Path=/',
    'SameSite=Strict',
  ])
})

test('over https the cookie is bound to the host and never leaves it in the clear', async () => {
  const publicUrl = 'https://chat.example.org'
  const { url } = await server.again({ PARLEY_PUBLIC_URL: publicUrl })
  const { cookie, attributes } = await cookieFrom(url)
  expect(cookie).toMatch(/^__Host-parley_rt=[\w-]{64}$/)
  expect(attributes).toContain('Secure')
  expect(attributes).toContain('Path=/')
  expect(attributes.some((attribute) => attribute.startsWith('Domain'))).toBe(false)
  const renew = (headers: Record<string, string>) =>
    caller(url).ask(refresh, { body: {} }, { headers: { cookie, ...headers } })
  expect((await renew({ origin: publicUrl, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await renew({ origin: publicUrl, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test('WB-03: the cookie counts only on requests from our own pages', async () => {
  const { cookie } = await cookieFrom(server.url)
  for (const endpoint of [refresh, signOut]) {
    for (const origin of [
      undefined,
      'null',
      'https://evil.example',
      'http://localhost:6688.evil.example',
      'http://localhost:9999',
      'https://localhost:6688',
    ]) {
      const headers = { cookie, ...(origin === undefined ? {} : { origin }) }
      const answer = await server.nobody.ask(endpoint, { body: {} }, { headers })
      expect(`${origin}: ${answer.code}`).toBe(`${origin}: origin_refused`)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  }
  const { status, headers } = await server.nobody.ask(
    refresh,
    { body: {} },
    { headers: { cookie, origin: home } },
  )
  expect(status).toBe(200)
  const [renewed = ''] = headers.getSetCookie()
  expect(renewed.split(';')[0]).not.toBe(cookie)
})

test('WB-03: a body that is not JSON never reaches the cookie routes', async () => {
  const { cookie } = await cookieFrom(server.url)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const response = await fetch(`${server.url}${signOut.path}`, {
      method: 'POST',
      headers: { cookie, origin: home, 'content-type': type },
      body: '{}',
    })
    expect(response.status).toBe(415)
  }
})

test('signing out takes the cookie away, and says so without one too', async () => {
  const { cookie } = await cookieFrom(server.url)
  const headers = { cookie, origin: home }
  const out = await server.nobody.ask(signOut, { body: {} }, { headers })
  expect(out.status).toBe(204)
  expect(out.headers.getSetCookie().join()).toMatch(
    /^parley_rt=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/,
  )
  expect((await server.nobody.ask(refresh, { body: {} }, { headers })).status).toBe(401)
  expect(await server.nobody.outcome(signOut, { body: {} })).toBe('204')
})
