import { signIn, signUp } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const account = { username: 'anna', email: 'anna@example.org', password: 'a long password' }

const server = await startChatServer()
afterAll(() => server.stop())
await server.nobody.call(signUp, { body: account })
await server.nobody.call(signUp, {
  body: { username: 'dora', email: 'dora@example.org', password: account.password },
})
// Signs in by other means only.
await server.person('nora')
await server.value(`update users set status = 'disabled' where username = 'dora'`)

const attempt = (email: string, password: string) =>
  server.nobody.ask(signIn, { body: { email, password } })

test('an address in whichever case and its password sign in', async () => {
  const { status, body } = await attempt('ANNA@example.org', account.password)
  expect(status).toBe(200)
  expect(body.user).toMatchObject({ username: 'anna', email: 'anna@example.org' })
  // The same letters, composed differently: NFKC makes them one.
  const composed = { username: 'é', email: 'e@example.org', password: 'caf\u00e9 au lait' }
  await server.nobody.call(signUp, { body: composed })
  expect((await attempt('e@example.org', 'cafe\u0301 au lait')).status).toBe(200)
  expect((await attempt('e@example.org', 'caf\u00e9 au laix')).status).toBe(401)
})

test('AU-14: unknown, wrong, disabled and without a password get the same answer', async () => {
  const answers = [
    await attempt('nobody@example.org', account.password),
    await attempt(account.email, 'another password'),
    await attempt('dora@example.org', account.password),
    await attempt('nora@example.org', 'none'),
  ]
  const shown = answers.map(({ status, body, headers }) => ({
    status,
    body: { ...body, request_id: '' },
    headers: Object.fromEntries([...headers].filter(([name]) => !/date|request-id/.test(name))),
  }))
  expect(shown[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
  expect(shown[1]).toEqual(shown[0])
  expect(shown[2]).toEqual(shown[0])
  expect(shown[3]).toEqual(shown[0])
})

test('AU-14: each failure costs exactly one verification', async () => {
  // A verification takes many milliseconds of a worker thread, and nothing else here comes near.
  const cost = async (email: string, password: string) => {
    const times: number[] = []
    for (let n = 0; n < 7; n++) {
      const before = process.cpuUsage()
      await attempt(email, password)
      const { user, system } = process.cpuUsage(before)
      times.push(user + system)
    }
    return times.toSorted((a, b) => a - b)[3] ?? 0
  }
  const refused = await cost('no address', '')
  const wrong = await cost(account.email, 'another password')
  const unknown = await cost('nobody@example.org', 'another password')
  const disabled = await cost('dora@example.org', account.password)
  const without = await cost('nora@example.org', 'another password')
  expect(wrong).toBeGreaterThan(3 * refused)
  for (const other of [unknown, disabled, without]) {
    expect(other / wrong).toBeGreaterThan(0.5)
    expect(other / wrong).toBeLessThan(1.8)
  }
})
