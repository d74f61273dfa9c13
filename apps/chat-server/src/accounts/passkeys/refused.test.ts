import {
  addPasskey,
  beginAddPasskey,
  beginConfirmByPasskey,
  beginSecondByPasskey,
  beginSignInByPasskey,
  confirmMeByPasskey,
  listPasskeys,
  signIn,
  signInByPasskey,
  signInSecondByPasskey,
  signUp,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../fixtures/authenticator.ts'
import { type Caller, caller } from '../../fixtures/call.ts'
import { startChatServer } from '../../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const home = 'http://localhost:6688'
const refused = '401 passkey_refused'

async function add(me: Caller, device: ReturnType<typeof createAuthenticator>) {
  const { options } = await me.call(beginAddPasskey, {})
  return me.call(addPasskey, { body: { name: 'Laptop', credential: device.make(options) } })
}

async function owner() {
  const person = await server.person()
  const device = createAuthenticator(home)
  const { id } = await add(person, device)
  return { person, device, passkeyId: id }
}

const asked = async () => (await server.nobody.call(beginSignInByPasskey, {})).options
type Proof = ReturnType<ReturnType<typeof createAuthenticator>['sign']>
const enter = (credential: Proof) =>
  server.nobody.outcome(signInByPasskey, { body: { credential } })

/** Why the newest was refused, as the audit log has it. */
const because = () =>
  server.value(
    `select detail ->> 'because' from audit_log where action = 'passkey.refused'
     order by id desc limit 1`,
  )

test('AU-23: a passkey of another page, of another site or for another challenge signs nobody in', async () => {
  const { device } = await owner()
  for (const otherwise of [
    { origin: 'https://localhost:6688' },
    { origin: 'http://localhost:6689' },
    { origin: 'http://localhost.example.org:6688' },
    { rpId: 'example.org' },
    { rpId: 'localhost:6688' },
  ]) {
    expect(await enter(device.sign(await asked(), otherwise))).toBe(refused)
    expect(await because()).toBe('proof')
  }
  for (const challenge of ['x', '', (await asked()).challenge.slice(0, -1)]) {
    expect(await enter(device.sign(await asked(), { challenge }))).toBe(refused)
    expect(await because()).toBe('challenge')
  }
  expect(await enter(device.sign(await asked()))).toBe('200')
})

test('AU-23: a passkey is made for this page and this site only, by a device that asked who it is', async () => {
  const person = await server.person()
  const device = createAuthenticator(home)
  for (const otherwise of [
    { origin: 'http://localhost:6689' },
    { rpId: 'example.org' },
    { unverified: true as const },
    { challenge: (await asked()).challenge },
  ]) {
    const { options } = await person.call(beginAddPasskey, {})
    const credential = device.make(options, otherwise)
    expect(await person.outcome(addPasskey, { body: { name: 'Laptop', credential } })).toBe(refused)
  }
  expect(await person.call(listPasskeys, {})).toEqual({ passkeys: [] })
  await add(person, device)
  // A key belongs to one person, and to them once.
  for (const somebody of [person, await server.person()]) {
    const { options } = await somebody.call(beginAddPasskey, {})
    const credential = device.make(options)
    const again = { body: { name: 'Again', credential } }
    expect(await somebody.outcome(addPasskey, again)).toBe(refused)
  }
})

test('AU-23: a challenge is good once, for two minutes, and for what it was asked for', async () => {
  const { person, device } = await owner()
  const credential = device.sign(await asked())
  expect(await enter(credential)).toBe('200')
  expect(await enter(credential)).toBe(refused)
  expect(await because()).toBe('challenge')
  const options = await asked()
  const several = Array.from({ length: 5 }, () => device.sign(options))
  const outcomes = await Promise.all(several.map(enter))
  expect(outcomes.toSorted()).toEqual(['200', refused, refused, refused, refused])
  // One that failed is used up, too.
  const once = await asked()
  expect(await enter(device.sign(once, { rpId: 'example.org' }))).toBe(refused)
  expect(await enter(device.sign(once))).toBe(refused)

  const late = await asked()
  await server.value(
    `update passkey_challenges set expires_at = expires_at - interval '2 minutes'
     where hash = sha256($1::bytea) returning purpose`,
    Buffer.from(late.challenge),
  )
  expect(await enter(device.sign(late))).toBe(refused)

  const confirming = await person.call(beginConfirmByPasskey, {})
  expect(await enter(device.sign(confirming.options))).toBe(refused)
  const making = await person.call(beginAddPasskey, {})
  const signed = device.sign({ ...confirming.options, challenge: making.options.challenge })
  expect(await person.outcome(confirmMeByPasskey, { body: { credential: signed } })).toBe(refused)
  const open = device.sign(await asked())
  expect(await person.outcome(confirmMeByPasskey, { body: { credential: open } })).toBe(refused)
})

test('AU-23: the passkey of somebody else proves nothing of me', async () => {
  const [anna, ben] = [await owner(), await owner()]
  const { options } = await anna.person.call(beginConfirmByPasskey, {})
  const credential = ben.device.sign(options)
  expect(await anna.person.outcome(confirmMeByPasskey, { body: { credential } })).toBe(refused)
  expect(await because()).toBe('other user')
  // Nor does a challenge of hers serve him.
  const hers = (await anna.person.call(beginConfirmByPasskey, {})).options
  const his = { body: { credential: ben.device.sign(hers) } }
  expect(await ben.person.outcome(confirmMeByPasskey, his)).toBe(refused)

  const handle = Buffer.from(String(anna.person.id)).toString('base64url')
  for (const userHandle of [handle, null]) {
    expect(await enter(ben.device.sign(await asked(), { userHandle }))).toBe(refused)
    expect(await because()).toBe('other user')
  }
  // Whoever only knows the id of a key has not got it.
  const { id, rawId } = anna.device.sign(await asked())
  expect(
    await enter({ ...ben.device.sign(await asked(), { userHandle: handle }), id, rawId }),
  ).toBe(refused)
  expect(await because()).toBe('proof')
})

test('AU-23: signing in by a passkey takes a device that asked who it is', async () => {
  const { device } = await owner()
  const options = await asked()
  expect(options.userVerification).toBe('required')
  expect(await enter(device.sign(options, { unverified: true }))).toBe(refused)
})

test('AU-23: a counter that does not go on shows a copy of the key, which is refused and audited', async () => {
  const { device, passkeyId } = await owner()
  expect(await enter(device.sign(await asked(), { counter: 7 }))).toBe('200')
  for (const counter of [7, 6, 0]) {
    expect(await enter(device.sign(await asked(), { counter }))).toBe(refused)
    expect(
      await server.value(
        `select target_id || ' ' || (detail ->> 'because') from audit_log
         where action = 'passkey.refused' order by id desc limit 1`,
      ),
    ).toBe(`${passkeyId} counter`)
  }
  const options = [await asked(), await asked(), await asked()]
  const same = options.map((one) => device.sign(one, { counter: 8 }))
  const outcomes = await Promise.all(same.map(enter))
  expect(outcomes.toSorted()).toEqual(['200', refused, refused])
})

test('AU-23: bytes that are none of WebAuthn are refused like others', async () => {
  const { person, device } = await owner()
  const fields = ['clientDataJSON', 'authenticatorData', 'signature'] as const
  for (const field of fields) {
    const good = device.sign(await asked())
    for (const text of ['AAAA', good.response[field].slice(0, -4), `${good.response[field]}AAAA`])
      expect(await enter({ ...good, response: { ...good.response, [field]: text } })).toBe(refused)
  }
  for (const text of ['AAAA', 'oA', 'o2NmbXRkbm9uZQ']) {
    const { options } = await person.call(beginAddPasskey, {})
    const made = createAuthenticator(home).make(options)
    const response = { ...made.response, attestationObject: text }
    const body = { name: 'Laptop', credential: { ...made, response } }
    expect(await person.outcome(addPasskey, { body })).toBe(refused)
  }
})

const password = 'correct horse battery staple'
let count = 0
/** Somebody whose sign-in takes a code, and who has a passkey. */
async function protectedOwner() {
  const username = `second${++count}`
  const email = `${username}@example.org`
  const { token, user } = await server.nobody.call(signUp, { body: { username, email, password } })
  const device = createAuthenticator(home)
  await add(caller(server.url, token), device)
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe('200')
  await server.value(
    `insert into totp_secrets (user_id, secret_enc, confirmed_at) values ($1, '', now())
     returning user_id`,
    user.id,
  )
  return { email, user, device }
}

async function pendingOf(email: string): Promise<string> {
  const { status, body } = await server.nobody.ask(signIn, { body: { email, password } })
  expect(status).toBe(401)
  return 'challenge' in body ? String(body.challenge) : ''
}
const askedFor = async (challenge: string) =>
  (await server.nobody.call(beginSecondByPasskey, { body: { challenge } })).options
const second = (challenge: string, credential: Proof) =>
  server.nobody.outcome(signInSecondByPasskey, { body: { challenge, credential } })

test('a passkey stands in for the code, also one that has not asked who it is', async () => {
  const { email, device, user } = await protectedOwner()
  const pending = await pendingOf(email)
  const options = await askedFor(pending)
  expect(options.allowCredentials).toMatchObject([{ id: device.id }])
  const credential = device.sign(options, { unverified: true, userHandle: null })
  const entered = await server.nobody.ask(signInSecondByPasskey, {
    body: { challenge: pending, credential },
  })
  expect(entered).toMatchObject({ status: 200, body: { user: { id: user.id } } })
  expect(entered.headers.get('set-cookie')).toContain('parley_rt=')
  expect(await second(pending, credential)).toBe('401 sign_in_expired')
  expect(await server.nobody.outcome(beginSecondByPasskey, { body: { challenge: pending } })).toBe(
    '401 sign_in_expired',
  )
})

test('AU-23: the second step takes a passkey of who gave the password, for this sign-in, five times', async () => {
  const [anna, ben] = [await protectedOwner(), await protectedOwner()]
  const pending = await pendingOf(anna.email)
  expect(await second(pending, ben.device.sign(await askedFor(pending)))).toBe(refused)
  expect(await because()).toBe('other user')
  // The challenge of another sign-in, though it is hers.
  const other = await askedFor(await pendingOf(anna.email))
  expect(await second(pending, anna.device.sign(other))).toBe(refused)
  expect(await because()).toBe('challenge')
  expect(await second(pending, anna.device.sign(await asked()))).toBe(refused)
  for (let n = 0; n < 2; n++)
    expect(await second(pending, ben.device.sign(await askedFor(pending)))).toBe(refused)
  expect(await second(pending, anna.device.sign(await askedFor(pending)))).toBe(
    '401 sign_in_expired',
  )
  const next = await pendingOf(anna.email)
  expect(await second(next, anna.device.sign(await askedFor(next)))).toBe('200')
})

test('whoever has no passkey is told so at the second step', async () => {
  const { email, user } = await protectedOwner()
  await server.value('delete from passkeys where user_id = $1 returning id', user.id)
  const challenge = await pendingOf(email)
  expect(await server.nobody.outcome(beginSecondByPasskey, { body: { challenge } })).toBe(
    '409 no_passkey',
  )
})
