import {
  addPasskey,
  beginAddPasskey,
  beginConfirmByPasskey,
  beginSecondByPasskey,
  beginSignInByPasskey,
  confirmMeByPasskey,
  eraseMe,
  getMe,
  listPasskeys,
  removePasskey,
  renamePasskey,
  signInByPasskey,
  signInSecondByPasskey,
  signUp,
} from '@parley/contract'
import { machineClock } from '@parley/core/clock'
import { loadSecrets } from '@parley/core/secrets'
import { issueToken } from '@parley/core/tokens/issue'
import { signingKey } from '@parley/core/tokens/keys'
import { afterAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../fixtures/authenticator.ts'
import { caller } from '../../fixtures/call.ts'
import { type Person, query, startChatServer } from '../../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const home = 'http://localhost:6688'

/** Somebody with a passkey on a device of theirs. */
async function owner(device = createAuthenticator(home)) {
  const person = await server.person()
  // Passkeys go where there is another way in.
  await server.value(`update users set password_hash = 'some' where id = $1`, person.id)
  return { person, device, passkey: await add(person, device) }
}

async function add(person: Person, device = createAuthenticator(home), name = 'Laptop') {
  const { options } = await person.call(beginAddPasskey, {})
  return person.call(addPasskey, { body: { name, credential: device.make(options) } })
}

const asked = async () => (await server.nobody.call(beginSignInByPasskey, {})).options

const audited = (action: string, person: { id: number }) =>
  query<{ target_id: number; detail: unknown }>(
    server.pool,
    'select target_id, detail from audit_log where action = $1 and actor_id = $2 order by id',
    action,
    person.id,
  )

test('a passkey is added, and signs in by itself, whatever else is asked for', async () => {
  const { person, device, passkey } = await owner()
  expect(passkey).toMatchObject({ name: 'Laptop', synced: false, last_used_at: null })
  await server.value(
    `insert into totp_secrets (user_id, secret_enc, confirmed_at) values ($1, '', now())
     returning user_id`,
    person.id,
  )
  const entered = await server.nobody.ask(signInByPasskey, {
    body: { credential: device.sign(await asked()) },
  })
  expect(entered.status).toBe(200)
  expect(entered.headers.get('set-cookie')).toContain('parley_rt=')
  expect(await caller(server.url, entered.body.token).call(getMe, {})).toEqual(
    await person.call(getMe, {}),
  )
  const { passkeys } = await person.call(listPasskeys, {})
  expect(passkeys).toEqual([{ ...passkey, last_used_at: expect.any(String) }])
  expect(await audited('passkey.added', person)).toMatchObject([{ target_id: passkey.id }])
  expect(await audited('passkey.used', person)).toMatchObject([
    { target_id: passkey.id, detail: { for: 'sign_in' } },
  ])
})

test('a key that devices share tells so, and counts nothing', async () => {
  const device = createAuthenticator(home, { synced: true })
  const { passkey } = await owner(device)
  expect(passkey.synced).toBe(true)
  for (let n = 0; n < 2; n++)
    expect(
      await server.nobody.outcome(signInByPasskey, {
        body: { credential: device.sign(await asked()) },
      }),
    ).toBe('200')
})

test('passkeys are called by other names and removed, by whose they are', async () => {
  const { person, device, passkey } = await owner()
  const other = await server.person()
  const params = { passkey_id: passkey.id }
  const named = await person.call(renamePasskey, { params, body: { name: 'Desk' } })
  expect(named).toEqual({ ...passkey, name: 'Desk' })
  for (const outcome of [
    await other.outcome(renamePasskey, { params, body: { name: 'Mine' } }),
    await other.outcome(removePasskey, { params }),
  ])
    expect(outcome).toBe('404 not_found')
  expect(await person.outcome(renamePasskey, { params, body: { name: '' } })).toBe(
    '400 invalid_request',
  )
  expect(await person.call(listPasskeys, {})).toEqual({ passkeys: [named] })
  expect(await person.outcome(removePasskey, { params })).toBe('204')
  expect(await person.outcome(removePasskey, { params })).toBe('404 not_found')
  expect(await person.call(listPasskeys, {})).toEqual({ passkeys: [] })
  expect(await audited('passkey.removed', person)).toMatchObject([{ target_id: passkey.id }])
  expect(
    await server.nobody.outcome(signInByPasskey, {
      body: { credential: device.sign(await asked()) },
    }),
  ).toBe('401 passkey_refused')
})

test('adding and removing asks who it is, which a passkey tells', async () => {
  const { person, device, passkey } = await owner()
  const later = () =>
    server.value(
      `update sessions set confirmed_at = now() - interval '301 seconds' where id = $1 returning id`,
      person.sessionId,
    )
  await later()
  const remove = () => person.outcome(removePasskey, { params: { passkey_id: passkey.id } })
  expect(await remove()).toBe('403 confirmation_required')
  expect(await person.outcome(beginAddPasskey, {})).toBe('403 confirmation_required')
  const confirm = async (otherwise = {}) => {
    const { options } = await person.call(beginConfirmByPasskey, {})
    expect(options.allowCredentials.map(({ id }) => id)).toEqual([device.id])
    const credential = device.sign(options, otherwise)
    return person.outcome(confirmMeByPasskey, { body: { credential } })
  }
  expect(await confirm({ unverified: true })).toBe('401 passkey_refused')
  expect(await remove()).toBe('403 confirmation_required')
  expect(await confirm()).toBe('204')
  expect(await remove()).toBe('204')
  expect(await person.outcome(beginConfirmByPasskey, {})).toBe('409 no_passkey')
  expect(await audited('passkey.refused', person)).toMatchObject([
    { target_id: passkey.id, detail: { for: 'confirm', because: 'proof' } },
  ])
})

test('a person has twenty passkeys at the most, also where some are added at once', async () => {
  const { person, device } = await owner()
  for (let n = 1; n < 19; n++) await add(person)
  const { options } = await person.call(beginAddPasskey, {})
  expect(options.excludeCredentials).toHaveLength(19)
  expect(options.excludeCredentials[0]).toMatchObject({ id: device.id, transports: ['internal'] })
  // As if several had begun at the same moment.
  const challenges = Array.from({ length: 8 }, (_, n) => `other${n}`)
  await server.value(
    `insert into passkey_challenges (hash, purpose, user_id)
     select sha256(other::bytea), 'add', $1 from unnest($2::text[]) other returning user_id`,
    person.id,
    challenges,
  )
  const bodies = challenges.map((challenge) => ({
    body: {
      name: 'One more',
      credential: createAuthenticator(home).make({ ...options, challenge }),
    },
  }))
  const outcomes = await Promise.all(bodies.map((body) => person.outcome(addPasskey, body)))
  expect(outcomes.toSorted()).toEqual(['201', ...Array(7).fill('409 too_many_passkeys')])
  expect(await person.outcome(beginAddPasskey, {})).toBe('409 too_many_passkeys')
})

test('where the address is a number there are no passkeys, and each call for one says so', async () => {
  const { person, device } = await owner()
  const { options } = await person.call(beginAddPasskey, {})
  const made = device.make(options)
  const credential = device.sign(await asked())
  const { url } = await server.again({ PARLEY_PUBLIC_URL: 'https://192.0.2.1' })
  const signing = await signingKey(server.pool, loadSecrets(server.config).masterKey)
  const token = await issueToken(
    signing,
    'https://192.0.2.1',
    person.id,
    person.sessionId,
    machineClock,
  )
  const me = caller(url, token)
  const challenge = 'A'.repeat(43)
  const outcomes = [
    await me.outcome(beginAddPasskey, {}),
    await me.outcome(addPasskey, { body: { name: 'Laptop', credential: made } }),
    await me.outcome(beginConfirmByPasskey, {}),
    await me.outcome(confirmMeByPasskey, { body: { credential } }),
    await me.outcome(beginSignInByPasskey, {}),
    await me.outcome(signInByPasskey, { body: { credential } }),
    await me.outcome(beginSecondByPasskey, { body: { challenge } }),
    await me.outcome(signInSecondByPasskey, { body: { challenge, credential } }),
  ]
  expect(new Set(outcomes)).toEqual(new Set(['409 no_passkeys']))
  // Those of another address are seen, and can go.
  expect((await me.call(listPasskeys, {})).passkeys).toHaveLength(1)
})

test('of an erased account no passkey stays', async () => {
  const [username, password] = ['goes', 'correct horse battery staple']
  const body = { username, email: 'goes@example.org', password }
  const { token, user } = await server.nobody.call(signUp, { body })
  const me = caller(server.url, token)
  const device = createAuthenticator(home)
  const { options } = await me.call(beginAddPasskey, {})
  await me.call(addPasskey, { body: { name: 'Phone', credential: device.make(options) } })
  await me.call(beginAddPasskey, {})
  await me.call(eraseMe, { body: { password } })
  expect(
    await server.value(
      `select (select count(*) from passkeys where user_id = $1)
         + (select count(*) from passkey_challenges where user_id = $1)`,
      user.id,
    ),
  ).toBe(0)
  const credential = device.sign(await asked())
  expect(await server.nobody.outcome(signInByPasskey, { body: { credential } })).toBe(
    '401 passkey_refused',
  )
})
