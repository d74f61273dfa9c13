import { freePort } from '@parley/core/free-port'
import { startBlackHole } from '@parley/core/testing/black-hole'
import { startOpenidProvider } from '@parley/core/testing/openid-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser } from '../../fixtures/browser.ts'
import { startWithOpenid } from '../../fixtures/openid.ts'

let world: Awaited<ReturnType<typeof startWithOpenid>>
beforeAll(async () => {
  world = await startWithOpenid()
})
afterAll(() => world.stop())

/** Another server on the same database. */
const another = async (settings: Record<string, string>): Promise<string> => {
  const port = await freePort()
  await world.server.again({ ...settings, PARLEY_CHAT_PORT: String(port) })
  return `http://localhost:${port}`
}
const sessions = async () => Number(await world.server.value('select count(*) from sessions'))
const changed = (address: string, change: (query: URLSearchParams) => void): string => {
  const url = new URL(address)
  change(url.searchParams)
  return url.href
}

/** How the page is told that it ended, where it began no session. */
async function endOf(work: Promise<string>): Promise<string | null> {
  const before = await sessions()
  const outcome = new URL(await work, world.url).searchParams.get('openid')
  return (await sessions()) === before ? outcome : 'a session'
}

test('AU-24: a state counts once, also with a copy of its cookie', async () => {
  const device = browser()
  const address = await world.leave(device, world.newcomer())
  const copy = browser()
  for (const [name, value] of device.cookiesOf(world.url))
    copy.cookiesOf(world.url).set(name, value)
  expect(await world.land(device, address)).toContain('openid=done')
  expect(await endOf(world.land(device, address))).toBe('expired')
  expect(await endOf(world.land(copy, address))).toBe('expired')
})

test('AU-24: a flow that began in another browser ends in none', async () => {
  const address = await world.leave(browser(), world.newcomer())
  expect(await endOf(world.land(browser(), address))).toBe('expired')
  // A browser that is on its own way at the time.
  const device = browser()
  const own = await world.leave(device, world.newcomer())
  expect(await endOf(world.land(device, address))).toBe('expired')
  // Which goes on.
  expect(await world.land(device, own)).toContain('openid=done')
})

test('AU-24: a code of another flow is good for nothing, and neither is none', async () => {
  const others = new URL(await world.leave(browser(), world.newcomer())).searchParams.get('code')
  const tries: ((query: URLSearchParams) => void)[] = [
    (query) => query.set('code', others ?? ''),
    (query) => query.delete('code'),
    (query) => query.append('code', others ?? ''),
    (query) => query.set('code', 'x'.repeat(4000)),
  ]
  for (const change of tries) {
    const device = browser()
    const address = await world.leave(device, world.newcomer())
    expect(await endOf(world.land(device, changed(address, change)))).toBe('failed')
  }
})

test('AU-24: a state that is wrong, missing or there twice belongs to no flow', async () => {
  const tries: ((query: URLSearchParams) => void)[] = [
    (query) => query.set('state', 'another'),
    (query) => query.delete('state'),
    (query) => query.append('state', 'another'),
  ]
  const device = browser()
  const address = await world.leave(device, world.newcomer())
  for (const change of tries)
    expect(await endOf(world.land(device, changed(address, change)))).toBe('expired')
  expect(await world.land(device, address)).toContain('openid=done')
})

test('AU-24: an answer of another provider is refused, and so is one of nobody', async () => {
  for (const change of [
    (query: URLSearchParams) => query.set('iss', 'https://evil.example'),
    (query: URLSearchParams) => query.delete('iss'),
  ]) {
    const device = browser()
    const address = await world.leave(device, world.newcomer())
    expect(await endOf(world.land(device, changed(address, change)))).toBe('failed')
  }
})

test('AU-24: a flow for the provider of before ends when there is another one', async () => {
  const device = browser()
  const address = await world.leave(device, world.newcomer())
  const other = await startOpenidProvider(world.callback)
  const there = address.replace(world.url, await another(other.settings))
  device
    .cookiesOf(there)
    .set('parley_openid', device.cookiesOf(world.url).get('parley_openid') ?? '')
  expect(await endOf(world.land(device, there))).toBe('expired')
  await other.stop()
})

test('AU-24: the address to come back to is one, whatever a request says', async () => {
  const { url, provider } = world
  for (const [path, headers] of [
    ['/api/auth/oidc/start?redirect_uri=https://evil.example', {}],
    ['/api/auth/oidc/start', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }],
  ] as const) {
    const { location = '', status } = await browser().go(`${url}${path}`, { headers })
    const { origin, searchParams } = new URL(location)
    expect([status, origin]).toEqual([302, provider.issuer])
    expect(searchParams.getAll('redirect_uri')).toEqual([world.callback])
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('scope')).toBe('openid email profile')
  }
  for (const path of [
    '/api/auth/oidc/callback/',
    '/api/auth/oidc//callback',
    '/api/auth/oidc/Callback',
  ]) {
    const device = browser()
    const address = await world.leave(device, world.newcomer())
    const { status } = await device.go(address.replace('/api/auth/oidc/callback', path))
    expect(status).toBe(404)
  }
  // And the provider takes no other.
  const { location = '' } = await browser().go(`${url}/api/auth/oidc/start`)
  for (const uri of [`${world.callback}/`, `${world.callback}?x`, 'https://evil.example'])
    expect(
      (await browser().go(changed(location, (query) => query.set('redirect_uri', uri)))).status,
    ).toBe(400)
})

test('after signing in one is led to a path of ours, never to another site', async () => {
  for (const to of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '',
    `/${'x'.repeat(2000)}`,
  ]) {
    const landed = new URL(await world.signIn(world.newcomer(), to), world.url)
    expect([to, landed.searchParams.get('openid')]).toEqual([to, 'done'])
    expect(landed.searchParams.get('to')).toBe('/')
  }
})

test('AU-24: what is signed by a key that the provider does not publish is refused', async () => {
  const forged = await startWithOpenid()
  forged.provider.forge()
  expect(await forged.signIn(forged.newcomer())).toBe('/signin?openid=failed&to=%2F')
  expect(await forged.server.value('select count(*) from users')).toBe(0)
  await forged.stop()
})

test('who opened another name of this machine goes on under the one that the provider leads back to', async () => {
  const there = world.url.replace('localhost', '127.0.0.1')
  const { location, headers } = await browser().go(`${there}/api/auth/oidc/start?to=/w/1`)
  expect(location).toBe(`${world.url}/api/auth/oidc/start?to=%2Fw%2F1`)
  expect(headers.getSetCookie()).toEqual([])
  const elsewhere = await browser().go(`${world.url}/api/auth/oidc/start`, {
    headers: { 'x-forwarded-host': 'evil.example' },
  })
  expect(elsewhere.location).toMatch(world.provider.issuer)
})

test('a page of another site signs nobody in', async () => {
  const { location } = await browser().go(`${world.url}/api/auth/oidc/start`, {
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(location).toBe(`${world.url}/signin?to=%2F`)
})

test('the cookie of the flow is for this server alone, and no script', async () => {
  const device = browser()
  const { headers } = await device.go(`${world.url}/api/auth/oidc/start`)
  const [cookie = ''] = headers.getSetCookie()
  expect(cookie).toMatch(/^parley_openid=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  // One that somebody made up, or changed, is none.
  const address = await world.leave(device, world.newcomer())
  const sealed = device.cookiesOf(world.url).get('parley_openid') ?? ''
  for (const forged of ['x', sealed.slice(0, -2), `${sealed.slice(0, -6)}AAAAAA`]) {
    device.cookiesOf(world.url).set('parley_openid', forged)
    expect(await endOf(world.land(device, address))).toBe('expired')
  }
})

test('a provider that is away stops nothing else, and is asked again by whoever comes next', async () => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const moved = await another({ PARLEY_OIDC_ISSUER: issuer })
  const ways = { start: `${moved}/api/auth/oidc/start?to=/w/1` }
  expect((await browser().go(ways.start)).location).toBe(
    `${moved}/signin?openid=unreachable&to=%2Fw%2F1`,
  )
  expect((await fetch(`${moved}/readyz`)).status).toBe(200)
  const late = await startOpenidProvider(world.callback, port)
  expect((await browser().go(ways.start)).location).toMatch(new RegExp(`^${issuer}/auth\\?`))
  await late.stop()
})

test('a provider that takes its time is waited for a few seconds', async () => {
  const hole = await startBlackHole(world.provider.issuer)
  hole.swallow()
  const slow = await another({ PARLEY_OIDC_ISSUER: hole.url })
  const { location } = await browser().go(`${slow}/api/auth/oidc/start`)
  expect(location).toBe(`${slow}/signin?openid=unreachable&to=%2F`)
  await hole.stop()
})
