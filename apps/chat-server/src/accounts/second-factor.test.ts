import {
  beginTotp,
  confirmMe,
  confirmTotp,
  eraseMe,
  getMe,
  getSecondFactors,
  removeTotp,
  renewRecoveryCodes,
  signIn,
  signInSecond,
  signUp,
} from '@parley/contract'
import { authenticator, secretOf } from '@parley/core/testing/authenticator'
import { afterAll, expect, test } from 'vitest'
import { type Caller, caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer({ PARLEY_RATE_LIMITS: 'off' })
afterAll(() => server.stop())

const password = 'correct horse battery staple'
let count = 0
/** Somebody who has signed up, and an app with a secret that is not confirmed yet. */
async function begun() {
  const username = `factor${++count}`
  const email = `${username}@example.org`
  const { token, user } = await server.nobody.call(signUp, { body: { username, email, password } })
  const me = caller(server.url, token)
  const { secret, uri } = await me.call(beginTotp, {})
  const code = await authenticator(secret)
  return { email, me, user, secret, uri, code }
}

/** The same, confirmed by the code of the step before. */
async function protectedAccount() {
  const account = await begun()
  const { recovery_codes } = await account.me.call(confirmTotp, {
    body: { code: account.code(-1) },
  })
  return { ...account, recovery: recovery_codes }
}

/** The challenge that the right password gets. */
async function challengeFor(email: string): Promise<string> {
  const { status, body } = await server.nobody.ask(signIn, { body: { email, password } })
  expect(status).toBe(401)
  expect(body).toMatchObject({ code: 'second_factor_required' })
  return 'challenge' in body ? String(body.challenge) : ''
}

const second = (challenge: string, code: string, by: Caller = server.nobody) =>
  by.outcome(signInSecond, { body: { challenge, code } })

test('once a code of the app is confirmed, signing in takes the password and a code', async () => {
  const { email, me, user, uri, code } = await begun()
  expect(uri).toContain(`otpauth://totp/Parley:${encodeURIComponent(email)}`)
  // Until then nothing changes.
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe('200')
  expect(await me.outcome(confirmTotp, { body: { code: code(7) } })).toBe('403 wrong_code')
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe('200')
  await me.call(confirmTotp, { body: { code: code(-1) } })

  const challenge = await challengeFor(email)
  const body = { challenge, code: `${code().slice(0, 3)} ${code().slice(3)}` }
  const entered = await server.nobody.ask(signInSecond, { body })
  expect(entered.status).toBe(200)
  expect(entered.headers.get('set-cookie')).toContain('parley_rt=')
  expect(await caller(server.url, entered.body.token).call(getMe, {})).toEqual(user)
  const wrong = { email, password: 'another password' }
  expect(await server.nobody.outcome(signIn, { body: wrong })).toBe('401 invalid_credentials')
})

test('AU-22: a code is good once, and none before it is good any more', async () => {
  const { email, code } = await protectedAccount()
  const now = code()
  expect(await second(await challengeFor(email), now)).toBe('200')
  const challenge = await challengeFor(email)
  expect(await second(challenge, now)).toBe('403 wrong_code')
  expect(await second(challenge, code(-1))).toBe('403 wrong_code')
  expect(await second(challenge, code(-2))).toBe('403 wrong_code')
  expect(await second(challenge, code(2))).toBe('403 wrong_code')
  expect(await second(challenge, code(1))).toBe('200')
})

test('AU-22: of ten who come with the same code at once, one gets in', async () => {
  const { email, code } = await protectedAccount()
  const challenges: string[] = []
  for (let n = 0; n < 5; n++) challenges.push(await challengeFor(email))
  const now = code()
  const outcomes = await Promise.all(
    [...challenges, ...challenges].map((challenge) => second(challenge, now)),
  )
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1)
})

test('AU-22: a sign-in takes five tries, and an account ten sign-ins at a time', async () => {
  const { email, code } = await protectedAccount()
  const challenge = await challengeFor(email)
  const tries = await Promise.all(Array.from({ length: 20 }, () => second(challenge, code(9))))
  expect(tries.filter((outcome) => outcome === '403 wrong_code')).toHaveLength(5)
  expect(await second(challenge, code())).toBe('401 sign_in_expired')
  const outcomes: string[] = []
  // Some at once, but not as many as would wait too long for their password to be checked.
  for (let n = 0; n < 4; n++)
    outcomes.push(
      ...(await Promise.all(
        Array.from({ length: 4 }, () =>
          server.nobody.outcome(signIn, { body: { email, password } }),
        ),
      )),
    )
  const begun = outcomes.filter((outcome) => outcome === '401 second_factor_required')
  expect(begun).toHaveLength(9)
  expect(new Set(outcomes)).toEqual(new Set([begun[0], '429 rate_limited']))
})

test('AU-22: a challenge is of one account, good once, for five minutes', async () => {
  const [anna, ben] = [await protectedAccount(), await protectedAccount()]
  const challenge = await challengeFor(anna.email)
  expect(await second(challenge, ben.code())).toBe('403 wrong_code')
  expect(await second(challenge, ben.recovery[0] ?? '')).toBe('403 wrong_code')
  expect(await second(challenge, anna.code())).toBe('200')
  expect(await second(challenge, anna.code(1))).toBe('401 sign_in_expired')
  expect(await second('no-such-challenge', anna.code(1))).toBe('401 sign_in_expired')
  const late = await challengeFor(anna.email)
  await server.value(
    `update pending_sign_ins set expires_at = now() where user_id = $1`,
    anna.user.id,
  )
  expect(await second(late, anna.code(1))).toBe('401 sign_in_expired')
})

test('AU-22: a recovery code is good once', async () => {
  const { email, recovery } = await protectedAccount()
  expect(recovery).toHaveLength(10)
  const [one = '', other = ''] = recovery
  expect(await second(await challengeFor(email), one)).toBe('200')
  const challenge = await challengeFor(email)
  expect(await second(challenge, one)).toBe('403 wrong_code')
  expect(await second(challenge, other.toUpperCase().replaceAll('-', ' '))).toBe('200')
})

test('neither secret nor recovery codes are readable in the database', async () => {
  const { user, secret, recovery } = await protectedAccount()
  const kept = await server.value(
    `select (select to_jsonb(t) from totp_secrets t where user_id = $1)::text
       || (select jsonb_agg(r) from recovery_codes r where user_id = $1)::text`,
    user.id,
  )
  expect(kept).not.toContain(secretOf(secret).toString('hex'))
  for (const code of recovery) {
    expect(kept).not.toContain(code)
    expect(kept).not.toContain(Buffer.from(code).toString('hex'))
  }
})

test('AU-22: a factor comes, goes and gets new codes only where somebody proved lately who they are', async () => {
  const { email, me, user, code } = await begun()
  const late = () =>
    server.value(
      `update sessions set confirmed_at = now() - interval '6 minutes' where user_id = $1`,
      user.id,
    )
  const confirmed = { body: { code: code(-1) } }
  const refused = '403 confirmation_required'
  await late()
  expect(await me.outcome(beginTotp, {})).toBe(refused)
  expect(await me.outcome(confirmTotp, confirmed)).toBe(refused)
  await me.call(confirmMe, { body: { password } })
  await me.call(confirmTotp, confirmed)
  await late()
  expect(await me.outcome(renewRecoveryCodes, {})).toBe(refused)
  expect(await me.outcome(removeTotp, {})).toBe(refused)
  expect(await me.outcome(getSecondFactors, {})).toBe('200')
  await challengeFor(email)
  await me.call(confirmMe, { body: { password } })
  expect(await me.outcome(renewRecoveryCodes, {})).toBe('201')
  expect(await me.outcome(removeTotp, {})).toBe('204')
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe('200')
})

test('one factor is not put in place of another, and who takes theirs away needs no code', async () => {
  const { email, me, code } = await begun()
  await me.call(confirmTotp, { body: { code: code(-1) } })
  expect(await me.outcome(beginTotp, {})).toBe('409 second_factor_exists')
  expect(await me.outcome(confirmTotp, { body: { code: code() } })).toBe('403 wrong_code')
  const challenge = await challengeFor(email)
  await me.call(removeTotp, {})
  expect(await second(challenge, code())).toBe('401 sign_in_expired')
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe('200')
  expect(await me.outcome(beginTotp, {})).toBe('201')
})

test('what somebody has is told, and new recovery codes end those from before', async () => {
  const required_by = { instance: false, workspaces: [] }
  const none = { totp_since: null, recovery_codes_left: 0, required_by }
  const { email, me, code } = await begun()
  expect(await me.call(getSecondFactors, {})).toEqual(none)
  expect(await me.outcome(renewRecoveryCodes, {})).toBe('409 no_second_factor')
  const { recovery_codes: old } = await me.call(confirmTotp, { body: { code: code(-1) } })
  const { totp_since, recovery_codes_left } = await me.call(getSecondFactors, {})
  expect(Math.abs(Date.now() - Date.parse(totp_since ?? ''))).toBeLessThan(60_000)
  expect(recovery_codes_left).toBe(10)
  expect(await second(await challengeFor(email), old[0] ?? '')).toBe('200')
  expect(await me.call(getSecondFactors, {})).toMatchObject({ totp_since, recovery_codes_left: 9 })
  const { recovery_codes: fresh } = await me.call(renewRecoveryCodes, {})
  expect(await me.call(getSecondFactors, {})).toMatchObject({ totp_since, recovery_codes_left: 10 })
  const challenge = await challengeFor(email)
  expect(await second(challenge, old[1] ?? '')).toBe('403 wrong_code')
  expect(await second(challenge, fresh[0] ?? '')).toBe('200')
  await me.call(removeTotp, {})
  expect(await me.call(getSecondFactors, {})).toEqual(none)
})

test('OP-05: a factor that comes or goes, new codes and a wrong one are audited', async () => {
  const { email, me, user, code } = await begun()
  await me.call(confirmTotp, { body: { code: code(-1) } })
  await second(await challengeFor(email), 'abcd-efgh')
  await me.call(renewRecoveryCodes, {})
  await me.call(removeTotp, {})
  await me.call(removeTotp, {})
  const entries = await query(
    server.pool,
    `select action, actor_id, target_id, detail from audit_log
     where target_kind = 'user' and target_id = $1 order by id`,
    user.id,
  )
  const [byMe, byNobody] = [user.id, null].map((actor_id) => ({ actor_id, target_id: user.id }))
  expect(entries).toEqual([
    { action: 'account.created', ...byMe, detail: {} },
    { action: 'totp.added', ...byMe, detail: {} },
    { action: 'sign_in.refused', ...byNobody, detail: { because: 'code' } },
    { action: 'recovery_codes.renewed', ...byMe, detail: {} },
    { action: 'totp.removed', ...byMe, detail: {} },
  ])
})

test('another password and a disabled account end what is pending; an erased one keeps nothing', async () => {
  const { email, me, user, code } = await protectedAccount()
  const change = (column: string, value: string) =>
    server.value(`update users set ${column} = $1 where id = $2`, value, user.id)
  const hash = await server.value('select password_hash from users where id = $1', user.id)
  const first = await challengeFor(email)
  await change('password_hash', 'another')
  expect(await second(first, code())).toBe('401 sign_in_expired')
  await change('password_hash', String(hash))
  const next = await challengeFor(email)
  await change('status', 'disabled')
  expect(await second(next, code())).toBe('401 sign_in_expired')
  await change('status', 'active')
  const signedIn = await server.nobody.call(signInSecond, {
    body: { challenge: await challengeFor(email), code: code() },
  })
  await caller(server.url, signedIn.token).call(eraseMe, { body: { password } })
  expect(await me.outcome(getMe, {})).toBe('401 not_signed_in')
  const left = await server.value(
    `select (select count(*) from totp_secrets where user_id = $1)
       + (select count(*) from recovery_codes where user_id = $1)`,
    user.id,
  )
  expect(Number(left)).toBe(0)
})
