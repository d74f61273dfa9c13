import {
  changePassword,
  confirmByOpenid,
  confirmMe,
  eraseMe,
  getMe,
  getSignInWays,
  linkOpenid,
  refresh,
  removePasskey,
  signUp,
  unlinkOpenid,
} from '@parley/contract'
import { freePort } from '@parley/core/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestBrowser, browser } from '../../fixtures/browser.ts'
import { caller } from '../../fixtures/call.ts'
import { startWithOpenid } from '../../fixtures/openid.ts'

let world: Awaited<ReturnType<typeof startWithOpenid>>
beforeAll(async () => {
  world = await startWithOpenid()
})
afterAll(() => world.stop())

const password = 'a long password'
let count = 0
/** Somebody with a password, who has just signed up. */
async function signedUp() {
  const username = `l${++count}`
  const email = `${username}@example.org`
  const { body } = await world.server.nobody.ask(signUp, { body: { username, email, password } })
  return { id: body.user.id, email, ...caller(world.server.url, body.token) }
}
type Caller = ReturnType<typeof caller>

const unconfirm = (userId: number) =>
  world.server.value(
    `update sessions set confirmed_at = now() - interval '6 minutes' where user_id = $1`,
    userId,
  )
/** Goes on where the server says, in a browser that has its cookie. */
async function begin(
  person: Caller,
  endpoint: typeof linkOpenid | typeof confirmByOpenid,
  device: TestBrowser,
  to = '/settings/security',
): Promise<string> {
  const { headers, body, code } = await person.ask(endpoint, { body: { to } })
  if (code !== undefined) throw new Error(code)
  const cookie = /parley_openid=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  device.cookiesOf(world.url).set('parley_openid', cookie)
  return body.url
}
const link = async (person: Caller, claims: ReturnType<typeof world.newcomer>) => {
  const device = browser()
  const at = await begin(person, linkOpenid, device)
  return world.land(device, await world.leaveTo(device, claims, at))
}

test('AU-24: an account is linked in a session that was confirmed lately, and signs in by it then', async () => {
  const [ann, claims] = [await signedUp(), world.newcomer()]
  await unconfirm(ann.id)
  expect(await ann.outcome(linkOpenid, { body: { to: '/' } })).toBe('403 confirmation_required')
  await ann.call(confirmMe, { body: { password } })
  expect(await ann.call(getSignInWays, {})).toMatchObject({
    password: true,
    openid_linked_at: null,
  })
  expect(await link(ann, claims)).toBe('/settings/security?openid=linked')
  expect((await ann.call(getSignInWays, {})).openid_linked_at).toMatch(/^20/)
  expect(await ann.outcome(linkOpenid, { body: { to: '/' } })).toBe('409 openid_linked')
  const device = browser()
  expect(await world.signIn(claims, '/', device)).toBe('/signin?openid=done&to=%2F')
  expect(await world.whoIs(device)).toMatchObject({ id: ann.id, email: ann.email })
})

test('AU-24: what is linked to one account is never linked to another', async () => {
  const [ann, bob, claims] = [await signedUp(), await signedUp(), world.newcomer()]
  expect(await link(ann, claims)).toBe('/settings/security?openid=linked')
  expect(await link(bob, claims)).toBe('/settings/security?openid=other')
  const device = browser()
  await world.signIn(claims, '/', device)
  expect((await world.whoIs(device))?.id).toBe(ann.id)
  const refused = 'select count(*) from audit_log where action = $1 and target_id = $2'
  expect(await world.server.value(refused, 'openid.refused', bob.id)).toBe(1)
})

test('AU-24: a link that was begun ends with its session, and in no other browser', async () => {
  const [ann, claims] = [await signedUp(), world.newcomer()]
  const device = browser()
  const address = await world.leaveTo(device, claims, await begin(ann, linkOpenid, device))
  expect(await world.land(browser(), address)).toContain('openid=expired')
  await world.server.value(`update sessions set revoked_at = now() where user_id = $1`, ann.id)
  expect(await world.land(device, address)).toBe('/settings/security?openid=expired')
  const links = 'select count(*) from openid_links where user_id = $1'
  expect(await world.server.value(links, ann.id)).toBe(0)
})

test('linking goes back to a path of ours, and nowhere else', async () => {
  const ann = await signedUp()
  for (const to of ['https://evil.example', '//evil.example', 'settings'])
    expect(await ann.outcome(linkOpenid, { body: { to } })).toBe('400 invalid_request')
})

test('a link is taken away by who has a password, and is gone then', async () => {
  const [ann, claims] = [await signedUp(), world.newcomer()]
  await link(ann, claims)
  await unconfirm(ann.id)
  expect(await ann.outcome(unlinkOpenid, {})).toBe('403 confirmation_required')
  await ann.call(confirmMe, { body: { password } })
  expect(await ann.outcome(unlinkOpenid, {})).toBe('204')
  expect(await ann.outcome(unlinkOpenid, {})).toBe('404 not_found')
  const device = browser()
  await world.signIn(claims, '/', device)
  expect((await world.whoIs(device))?.id).not.toBe(ann.id)
})

const fail = (): never => {
  throw new Error('nobody was let in')
}
/** Somebody who has no password. */
async function without() {
  const [claims, device] = [world.newcomer(), browser()]
  await world.signIn(claims, '/', device)
  return { claims, device, person: (await world.whoIs(device)) ?? fail() }
}

test('who has no password cannot lose the last way in, and chooses a password first', async () => {
  const { person } = await without()
  expect(await person.call(getSignInWays, {})).toMatchObject({ password: false })
  expect(await person.outcome(unlinkOpenid, {})).toBe('409 last_sign_in')
  expect((await person.call(getSignInWays, {})).openid_linked_at).not.toBeNull()
  const { token } = await person.call(changePassword, { body: { password } })
  const after = caller(world.server.url, token)
  expect(await after.outcome(unlinkOpenid, {})).toBe('204')
  const ways = { password: true, passkeys: 0, openid_linked_at: null }
  expect(await after.call(getSignInWays, {})).toEqual(ways)
})

const addPasskey = async (userId: number): Promise<number> =>
  Number(
    await world.server.value(
      `insert into passkeys (user_id, credential_id, public_key, counter, transports, name,
         backup_eligible, backed_up)
       values ($1, sha256(gen_random_uuid()::text::bytea), '\\x00', 0, '{}', 'A key', false, false) returning id`,
      userId,
    ),
  )

test('a passkey is a way in too: it is enough to unlink, and stays as the last one', async () => {
  const { person } = await without()
  const key = await addPasskey(person.id)
  expect(await person.outcome(unlinkOpenid, {})).toBe('204')
  expect(await person.call(getSignInWays, {})).toEqual({
    password: false,
    passkeys: 1,
    openid_linked_at: null,
  })
  const params = { passkey_id: key }
  expect(await person.outcome(removePasskey, { params })).toBe('409 last_sign_in')
  const { token } = await person.call(changePassword, { body: { password } })
  const after = caller(world.server.url, token)
  expect(await after.outcome(removePasskey, { params })).toBe('204')
})

test('where browsers have no passkeys, one is no way in', async () => {
  const { person, device } = await without()
  await addPasskey(person.id)
  const { url } = await world.server.again({
    PARLEY_CHAT_PORT: String(await freePort()),
    PARLEY_PUBLIC_URL: 'http://127.0.0.1:6688',
  })
  const refresh_token = device.cookiesOf(world.url).get('parley_rt') ?? ''
  const { token } = await caller(url).call(refresh, { body: { refresh_token } })
  expect(await caller(url, token).outcome(unlinkOpenid, {})).toBe('409 last_sign_in')
})

test('who has no password proves that it is them by signing in there anew', async () => {
  const { person, claims, device } = await without()
  await unconfirm(person.id)
  expect(await person.outcome(changePassword, { body: { password } })).toBe(
    '403 confirmation_required',
  )
  const at = await begin(person, confirmByOpenid, device)
  expect(Object.fromEntries(new URL(at).searchParams)).toMatchObject({
    prompt: 'login',
    max_age: '0',
  })
  const address = await world.leaveTo(device, claims, at)
  expect(await world.land(device, address)).toBe('/settings/security?openid=confirmed')
  expect(await person.outcome(changePassword, { body: { password } })).toBe('200')
})

test('AU-24: a sign-in of somebody else confirms nothing', async () => {
  const { person } = await without()
  await unconfirm(person.id)
  // Where the provider knows nobody yet.
  const fresh = browser()
  const at = await begin(person, confirmByOpenid, fresh)
  const address = await world.leaveTo(fresh, world.newcomer(), at)
  expect(await world.land(fresh, address)).toBe('/settings/security?openid=other')
  expect(await person.outcome(changePassword, { body: { password } })).toBe(
    '403 confirmation_required',
  )
})

test('AU-24: a session counts as confirmed since one signed in at the provider, not since one came from there', async () => {
  const { claims } = await without()
  const device = browser()
  const hourAgo = Math.floor(Date.now() / 1000) - 3600
  await world.signIn(claims, '/', device, hourAgo)
  const person = (await world.whoIs(device)) ?? fail()
  const change = () => person.outcome(changePassword, { body: { password } })
  expect(await change()).toBe('403 confirmation_required')
  // Nor does it where somebody changed the address, so that the provider asks for nothing.
  const at = new URL(await begin(person, confirmByOpenid, device))
  at.searchParams.delete('prompt')
  at.searchParams.delete('max_age')
  const address = await world.leaveTo(device, claims, at.href, hourAgo)
  expect(await world.land(device, address)).toBe('/settings/security?openid=failed')
  expect(await change()).toBe('403 confirmation_required')
})

test('a sign-in by the provider ends the session that the browser had', async () => {
  const { person, claims, device } = await without()
  await world.signIn(claims, '/', device)
  const live = 'select count(*) from sessions where user_id = $1 and revoked_at is null'
  expect(await world.server.value(live, person.id)).toBe(1)
})

test('who has no password erases the account in a session that was confirmed lately', async () => {
  const { person, claims } = await without()
  await unconfirm(person.id)
  expect(await person.outcome(eraseMe, { body: {} })).toBe('403 confirmation_required')
  expect(await person.outcome(eraseMe, { body: { password: 'none' } })).toBe('403 wrong_password')
  await world.server.value('update sessions set confirmed_at = now() where user_id = $1', person.id)
  expect(await person.outcome(eraseMe, { body: {} })).toBe('204')
  const links = 'select count(*) from openid_links where user_id = $1'
  expect(await world.server.value(links, person.id)).toBe(0)
  // Who comes again is somebody new.
  const device = browser()
  await world.signIn(claims, '/', device)
  expect((await world.whoIs(device))?.id).not.toBe(person.id)
  // Whoever has a password gives it, however lately the session was confirmed.
  const bob = await signedUp()
  expect(await bob.outcome(eraseMe, { body: {} })).toBe('403 wrong_password')
  expect(await bob.outcome(getMe, {})).toBe('200')
})
