import { signIn, signUp } from '@parley/contract'
import { verifyPassword } from '@parley/core/passwords/hash'
import { hash } from '@node-rs/argon2'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer({ PARLEY_RATE_LIMITS: 'off' })
afterAll(() => server.stop())

let count = 0
/** Signs up with a password; `enter` signs in with what may be the same one. */
async function attempt(password: string) {
  const username = `balthazarine.${++count}`
  const email = `${username}@example.org`
  const made = await server.nobody.outcome(signUp, { body: { username, email, password } })
  const enter = (password: string) => server.nobody.outcome(signIn, { body: { email, password } })
  return { email, made, enter }
}

const long = 'a sentence of many words is a password that nobody forgets, '.repeat(5)

test.each([
  ['Password123456789', '422 common_password'],
  ['Balthazarine!', '422 common_password'],
  ['Parley Parley', '422 common_password'],
  ['123qweasdzxc', '422 common_password'],
  ['justinbieber', '422 common_password'],
  ['unbelievable', '422 common_password'],
  ['eleven char', '422 weak_password'],
  ['baseball', '422 weak_password'],
  [long.slice(0, 257), '422 long_password'],
  [long.slice(0, 257).padEnd(1_024, '.'), '422 long_password'],
  ['twelve chars', '201'],
  [long.slice(0, 64), '201'],
  [long.slice(0, 256), '201'],
  ['😀'.repeat(200), '201'],
])('AU-18: signing up with the password %j is answered %s', async (password, answer) => {
  expect((await attempt(password)).made).toBe(answer)
})

test('AU-18: spaces at the ends belong to the password', async () => {
  const { made, enter } = await attempt('  spaces all around  ')
  expect(made).toBe('201')
  expect(await enter('  spaces all around  ')).toBe('200')
  for (const other of ['spaces all around', '  spaces all around', 'spaces all around  '])
    expect(await enter(other)).toBe('401 invalid_credentials')
})

test('AU-18: however an accent is typed, the password is the same', async () => {
  for (const password of ['crème brûlée à deux', 'ế ọ ữ ặ '.repeat(32)]) {
    const { made, enter } = await attempt(password.normalize('NFC'))
    expect(made).toBe('201')
    expect(await enter(password.normalize('NFD'))).toBe('200')
    const bare = password.normalize('NFD').replace(/\p{M}/gu, '')
    expect(await enter(bare)).toBe('401 invalid_credentials')
  }
})

test('AU-18: all of a password counts, to its last character', async () => {
  for (const password of [long.slice(0, 256), '😀'.repeat(200)]) {
    const { enter } = await attempt(password)
    const shorter = Array.from(password).slice(0, -1).join('')
    expect(await enter(password)).toBe('200')
    expect(await enter(`${shorter}#`)).toBe('401 invalid_credentials')
    expect(await enter(shorter)).toBe('401 invalid_credentials')
  }
})

const password = 'correct horse battery staple'
/** An account whose password was hashed at another cost, and what is stored once it has signed in. */
async function storedAfter(cost: { memoryCost: number; timeCost: number }) {
  const { email, enter } = await attempt(password)
  const old = await hash(password, { ...cost, parallelism: 1 })
  await server.value('update users set password_hash = $1 where email = $2', old, email)
  const stored = async () =>
    String(await server.value('select password_hash from users where email = $1', email))
  expect(await enter('not the password')).toBe('401 invalid_credentials')
  expect(await stored()).toBe(old)
  expect(await enter(password)).toBe('200')
  return { old, stored: await stored(), enter }
}

test.each([
  { memoryCost: 12_288, timeCost: 3 },
  { memoryCost: 19_456, timeCost: 1 },
  { memoryCost: 4_096, timeCost: 1 },
])('AU-20: a hash of lower cost (%j) is made anew at the next sign-in', async (cost) => {
  const { old, stored, enter } = await storedAfter(cost)
  expect(stored).not.toBe(old)
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword(stored, password)).toBe(true)
  expect(await enter(password)).toBe('200')
})

test.each([
  { memoryCost: 19_456, timeCost: 2 },
  { memoryCost: 65_536, timeCost: 3 },
])('AU-20: a hash of the same or a higher cost (%j) stays', async (cost) => {
  const { old, stored } = await storedAfter(cost)
  expect(stored).toBe(old)
})
