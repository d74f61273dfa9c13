import { signIn, signUp } from '@parley/contract'
import { loadSecrets } from '@parley/core/secrets'
import { limits } from '@parley/core/throttle/limits'
import { postgresStore } from '@parley/core/throttle/postgres'
import { throttleKeys } from '@parley/core/throttle/throttle'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const on = { PARLEY_RATE_LIMITS: 'on' }
const server = await startChatServer(on)
afterAll(() => server.stop())
/** A server that is told where requests come from. */
const behind = await server.again({ PARLEY_TRUSTED_PROXIES: '127.0.0.1' })

const password = 'a long password'
/** What the failures of one account and one address may be at the most, some time having passed. */
const mostOfOne = limits.failed_sign_ins_of_one.burst + 1

let count = 0
/** An account that has signed up, and the cookie of the device it did that on. */
async function signedUp() {
  const name = `gi${++count}`
  const email = `${name}@example.org`
  const { headers } = await caller(behind.url).ask(
    signUp,
    { body: { username: name, email, password } },
    { headers: { 'x-forwarded-for': `198.51.100.${count}` } },
  )
  return { email, device: deviceIn(headers) }
}
const deviceIn = (headers: Headers): string =>
  /parley_device=[^;]+/.exec(headers.getSetCookie().join())?.[0] ?? ''

let addresses = 0
const somewhere = (): string => `2001:db8:0:${(++addresses).toString(16)}::1`

interface From {
  address?: string
  cookie?: string
}
/** Tries a password at the server behind a proxy. */
const attempt = (email: string, tried: string, { address = somewhere(), cookie }: From = {}) =>
  caller(behind.url).ask(
    signIn,
    { body: { email, password: tried } },
    { headers: { 'x-forwarded-for': address, ...(cookie === undefined ? {} : { cookie }) } },
  )

async function raw(path: string, email: string, headers: Record<string, string>) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email, password: 'another password' }),
  })
  await response.text()
  return response
}

test('AU-16: nothing that a client can choose makes one more guess at an account', async () => {
  const { email } = await signedUp()
  const junk = Buffer.from('{"alg":"none"}').toString('base64url')
  const variants = [
    (n: number) => raw('/api/signin', email, { 'x-forwarded-for': `192.0.2.${n % 256}` }),
    (n: number) => raw('/api/signin', email, { authorization: `Bearer ${junk}.${junk}.${n}` }),
    (n: number) => raw('/api/sign%69n', email, { forwarded: `for=192.0.2.${n}` }),
    (n: number) => raw('/api/signin/', email, { 'x-real-ip': `192.0.2.${n}` }),
    (n: number) => raw('//api//signin', email, { 'x-client-ip': `192.0.2.${n}` }),
    (n: number) => raw('/API/SIGNIN', email, { 'user-agent': String(n) }),
    (n: number) => raw('/api/signin', email.toUpperCase(), { 'x-request-id': `request-${n}` }),
    (n: number) => raw('/api/signin', email.replace('i', 'İ'), { host: `host${n}` }),
    (n: number) => raw('/api/signin', email, { cookie: `parley_device=${junk}.${n}` }),
  ]
  const statuses: number[] = []
  const waits = new Set<string | null>()
  for (let n = 0; n < 1_000; n += variants.length) {
    for (const { status, headers } of await Promise.all(variants.map((ask) => ask(n)))) {
      statuses.push(status)
      if (status === 429) waits.add(headers.get('retry-after'))
    }
  }
  const guesses = statuses.filter((status) => status === 401).length
  expect(guesses).toBeGreaterThanOrEqual(5)
  expect(guesses).toBeLessThanOrEqual(mostOfOne)
  expect(new Set(statuses)).toEqual(new Set([401, 404, 429]))
  expect([...waits].every((wait) => Number(wait) >= 1)).toBe(true)
  // As many as were looked at, and no more.
  expect(await server.value('select failures from sign_in_failures')).toBe(guesses)
}, 60_000)

test('AU-16: after five failures each wait is twice as long, up to a minute; tries at once are no more', async () => {
  const { email } = await signedUp()
  await server.value('delete from sign_in_failures')
  const answers = await Promise.all(Array.from({ length: 40 }, () => attempt(email, 'wrong')))
  const tried = answers.filter(({ status }) => status === 401).length
  expect(tried).toBeGreaterThanOrEqual(5)
  expect(tried).toBeLessThan(8)
  const waits: number[] = []
  for (let failures = 4; failures < 14; failures++) {
    await server.value(
      'update sign_in_failures set failures = $1, next_at = now() returning key',
      failures,
    )
    expect(await attempt(email, 'wrong')).toMatchObject({ status: 401 })
    waits.push(
      Number(
        await server.value('select extract(epoch from next_at - last_at) from sign_in_failures'),
      ),
    )
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
})

test('AU-16: after a hundred failures in a row only a device that is known signs in, which ends it', async () => {
  const { email, device } = await signedUp()
  await attempt(email, 'wrong')
  await server.value('update sign_in_failures set failures = 99, next_at = now()')
  expect((await attempt(email, 'wrong')).status).toBe(401)
  await server.value('update sign_in_failures set next_at = now()')
  const refused = await attempt(email, password)
  expect(refused).toMatchObject({ status: 429, code: 'rate_limited' })
  expect(refused.headers.get('retry-after')).toBe('3600')
  expect((await attempt(email, password, { cookie: device })).status).toBe(200)
  expect((await attempt(email, password)).status).toBe(200)
})

test('a right password forgets the failures before it', async () => {
  const { email } = await signedUp()
  const address = somewhere()
  for (let n = 0; n < 4; n++) {
    for (let wrong = 0; wrong < 4; wrong++) expect((await attempt(email, 'wrong')).status).toBe(401)
    expect((await attempt(email, password, { address })).status).toBe(200)
  }
  // Nor does it take from what an address may get wrong.
  for (let n = 0; n < 2 * limits.failed_sign_ins_of_one.burst; n++)
    expect((await attempt(email, password, { address })).status).toBe(200)
})

test('AU-14: throttling says the same of an account that there is and of one that there is not', async () => {
  const { email } = await signedUp()
  const shown = async (email: string) => {
    const address = somewhere()
    const answers = []
    for (let n = 0; n < 7; n++) {
      answers.push(await attempt(email, 'wrong', { address }))
      // However slow the machine is.
      if (n === 4) await server.value(`update sign_in_failures set next_at = now() + '30 s'`)
    }
    return answers.map(({ status, body, headers }) => ({
      status,
      body: { ...body, request_id: '' },
      headers: Object.fromEntries(
        // How many seconds it is until all are back depends on when one asks.
        [...headers].filter(([name]) => !/^date|request-id|ratelimit-reset/.test(name)),
      ),
    }))
  }
  const unknown = await shown('nobody@example.org')
  expect(unknown.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429])
  expect(unknown[5]?.headers).toMatchObject({ 'retry-after': '30', 'ratelimit-remaining': '0' })
  expect(await shown(email)).toEqual(unknown)
})

test('AU-17: one password for many accounts is stopped, and owners sign in on their devices', async () => {
  const owner = await signedUp()
  const address = somewhere()
  const statuses = []
  for (let n = 0; n < 300; n += 10) {
    const some = Array.from({ length: 10 }, (_, at) =>
      attempt(`victim${n + at}@example.org`, 'Password123!', { address }),
    )
    statuses.push(...(await Promise.all(some)).map(({ status }) => status))
  }
  const guesses = statuses.filter((status) => status === 401).length
  expect(guesses).toBeGreaterThanOrEqual(limits.failed_sign_ins.burst)
  expect(guesses).toBeLessThan(limits.failed_sign_ins.burst + 10)
  expect(statuses.at(-1)).toBe(429)
  // Beside the attacker, behind the same address: a stranger is stopped with them, the owner is not.
  expect((await attempt(owner.email, password, { address })).status).toBe(429)
  expect((await attempt(owner.email, password, { address, cookie: owner.device })).status).toBe(200)
  expect((await attempt(owner.email, password)).status).toBe(200)
}, 30_000)

test('AU-17: from however many addresses, all failures together are limited too', async () => {
  const owner = await signedUp()
  const { burst, perMinute } = limits.failed_sign_ins_of_all
  const key = throttleKeys(loadSecrets(server.config).masterKey)(['failed_sign_ins_of_all', ''])
  // As many as there could have been in an hour, by others.
  await postgresStore(server.pool).add([{ key, ms: (burst + 60) * (60_000 / perMinute) }])
  const { url } = await server.again({ PARLEY_TRUSTED_PROXIES: '127.0.0.1' })
  const from = (cookie: Record<string, string> = {}) =>
    caller(url).ask(
      signIn,
      { body: { email: owner.email, password } },
      { headers: { 'x-forwarded-for': somewhere(), ...cookie } },
    )
  expect(await from()).toMatchObject({ status: 429, code: 'rate_limited' })
  expect((await from({ cookie: owner.device })).status).toBe(200)
})

test('a device counts for the accounts that signed in on it, by its own cookie only, and no further', async () => {
  const [one, other] = [await signedUp(), await signedUp()]
  const both = deviceIn((await attempt(other.email, password, { cookie: one.device })).headers)
  expect(both.split('.')[0]).toBe(one.device.split('.')[0])
  const isKnown = async (email: string, cookie: string): Promise<boolean> => {
    await attempt(email, 'wrong')
    await server.value('update sign_in_failures set failures = 100')
    const { status } = await attempt(email, password, { cookie })
    await server.value('delete from sign_in_failures')
    return status === 200
  }
  expect(await isKnown(one.email, one.device)).toBe(true)
  expect(await isKnown(one.email, both)).toBe(true)
  expect(await isKnown(other.email, both)).toBe(true)
  for (const cookie of [
    other.device.replace(/=.{22}/, `=${one.device.slice(-22)}`),
    other.device,
    `${one.device.slice(0, -2)}AA`,
    one.device.replace(/\..*/, ''),
    'parley_device=x',
    '',
  ])
    expect(`${cookie} ${await isKnown(one.email, cookie)}`).toBe(`${cookie} false`)
  // What goes wrong on a device slows that one down, and nobody else.
  const statuses = []
  for (let n = 0; n < 7; n++)
    statuses.push((await attempt(one.email, 'wrong', { cookie: one.device })).status)
  expect(statuses).toContain(429)
  expect((await attempt(one.email, password)).status).toBe(200)
})
