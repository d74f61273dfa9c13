import {
  createInvite,
  getMe,
  confirmSignUp,
  refresh,
  revokeInvite,
  signIn,
  signUp,
} from '@parley/contract'
import { startMailServer } from '@parley/core/testing/mail-server'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { caller } from '../../fixtures/call.ts'
import { type TestServer, startChatServer } from '../../fixtures/chat-server.ts'

let mail: Awaited<ReturnType<typeof startMailServer>>
let server: TestServer
beforeAll(async () => {
  mail = await startMailServer()
  server = await startChatServer({
    PARLEY_SMTP_URL: mail.url,
    PARLEY_MAIL_FROM: 'Parley <parley@example.org>',
  })
})
afterAll(async () => {
  await server.stop()
  await mail.stop()
})

const password = 'a long password'
let count = 0
function newcomer(more: { username?: string; workspace?: string; invite?: string } = {}) {
  const username = `new${++count}`
  return { username, email: `${username}@example.org`, password, ...more }
}
const textsTo = (address: string) =>
  mail.received
    .filter(({ to }) => to.includes(address))
    .map(({ text }) => text.replaceAll(/=\r\n/g, ''))
const secretIn = (text = '') => /http:\/\/localhost:6688\/signup#([\w-]{43})/.exec(text)?.[1] ?? ''
/** The secret in the link that was mailed last. */
async function linkTo(address: string, nth = 1): Promise<string> {
  await until(() => textsTo(address).length >= nth)
  return secretIn(textsTo(address).at(-1))
}
/** Nothing waits to be sent any more. */
const sent = () => until(async () => (await server.value('select count(*) from mail_queue')) === 0)
const ask = (body: ReturnType<typeof newcomer>) => server.nobody.ask(signUp, { body })
const confirm = (token: string, more: object = {}) =>
  server.nobody.outcome(confirmSignUp, { body: { token, password, ...more } })
async function asked(more: Parameters<typeof newcomer>[0] = {}) {
  const body = newcomer(more)
  expect((await ask(body)).status).toBe(202)
  return { ...body, token: await linkTo(body.email) }
}
const accounts = (email: string) =>
  server.value('select count(*) from users where lower(email) = lower($1)', email)

test('an account is made by a mailed link, once, with its workspace and a session', async () => {
  const { username, email, token } = await asked({ workspace: 'Garden' })
  expect(await accounts(email)).toBe(0)
  expect(await server.nobody.outcome(signIn, { body: { email, password } })).toBe(
    '401 invalid_credentials',
  )
  const { status, body, headers } = await server.nobody.ask(confirmSignUp, {
    body: { token, password },
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ user: { username, email }, workspace: { name: 'Garden' } })
  expect(await caller(server.url, body.token).call(getMe, {})).toEqual(body.user)
  const refresh_token = /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  expect(await server.nobody.outcome(refresh, { body: { refresh_token } })).toBe('200')
  const entries = `select count(*) from audit_log where action = 'account.created' and target_id = $1`
  expect(await server.value(entries, body.user.id)).toBe(1)
  expect(await confirm(token)).toBe('410 sign_up_gone')
})

test('AU-15: signing up with a name or an address that is taken is answered like any other', async () => {
  const known = await asked()
  expect(await confirm(known.token)).toBe('201')
  const answers = [
    await ask(newcomer()),
    await ask({ ...newcomer(), email: known.email.toUpperCase() }),
    await ask(newcomer({ username: known.username })),
  ].map(({ status, body, headers }) => ({ status, body, headers: [...headers.keys()].toSorted() }))
  expect(answers[0]).toMatchObject({ status: 202, body: {} })
  expect(answers[0]?.headers).not.toContain('set-cookie')
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  // Whose address it is hears of it, and no link lets anybody in.
  await until(() => textsTo(known.email).length === 2)
  expect(textsTo(known.email)[1]).toContain('tried to sign up with this address')
  expect(secretIn(textsTo(known.email)[1])).toBe('')
  expect(await accounts(known.email)).toBe(1)
})

test('AU-15: signing up hashes once, whether the address and the name have an account or not', async () => {
  const known = await asked()
  expect(await confirm(known.token)).toBe('201')
  await sent()
  // A hash takes many milliseconds of a worker thread, and nothing else here comes near.
  const cost = async (body: () => ReturnType<typeof newcomer>) => {
    const times: number[] = []
    for (let n = 0; n < 7; n++) {
      const before = process.cpuUsage()
      await ask(body())
      const { user, system } = process.cpuUsage(before)
      times.push(user + system)
      await sent()
      await server.value('delete from pending_sign_ups returning 1')
    }
    return times.toSorted((a, b) => a - b)[3] ?? 0
  }
  const refused = await cost(() => ({ ...newcomer(), password: 'short' }))
  const unknown = await cost(newcomer)
  const address = await cost(() => ({ ...newcomer(), email: known.email }))
  const name = await cost(() => newcomer({ username: known.username }))
  expect(unknown).toBeGreaterThan(3 * refused)
  for (const other of [address, name]) {
    expect(other / unknown).toBeGreaterThan(0.5)
    expect(other / unknown).toBeLessThan(1.8)
  }
  // And the same is kept, which no link leads to.
  await ask({ ...newcomer(), email: known.email })
  await sent()
  expect(await server.value('select left(password_hash, 10) from pending_sign_ups')).toBe(
    '$argon2id$',
  )
  expect(await server.value('select hash from pending_sign_ups')).toBeNull()
})

test('the link asks for the password: who signs up with the address of others gets nothing by it', async () => {
  const body = newcomer()
  expect((await ask(body)).status).toBe(202)
  const stranger = { ...body, token: await linkTo(body.email) }
  expect(await confirm(stranger.token, { password: 'what its owner types' })).toBe(
    '403 wrong_password',
  )
  // The owner signs up themselves, which takes the stranger's place.
  expect((await ask({ ...body, password: 'what its owner types' })).status).toBe(202)
  const token = await linkTo(stranger.email, 2)
  expect(await confirm(stranger.token)).toBe('410 sign_up_gone')
  expect(await confirm(token)).toBe('403 wrong_password')
  expect(await confirm(token, { password: 'what its owner types' })).toBe('201')
})

test('AU-21: a link that is forged or too old makes no account, and its page uses nothing up', async () => {
  const { email, token } = await asked()
  for (let n = 0; n < 3; n++) await fetch(`${server.url}/signup`)
  const flipped = token.startsWith('A') ? 'B' : 'A'
  expect(await confirm(flipped + token.slice(1))).toBe('410 sign_up_gone')
  const kept = `select encode(hash, 'hex') || password_hash from pending_sign_ups where email = $1`
  expect(await server.value(kept, email)).not.toContain(
    Buffer.from(token, 'base64url').toString('hex'),
  )
  expect(await server.value(kept, email)).not.toContain(password)
  const later = `update pending_sign_ups set expires_at = now() - interval '1 second'
    where email = $1 returning 1`
  await server.value(later, email)
  expect(await confirm(token)).toBe('410 sign_up_gone')
  // What is too old goes with the next sign-up.
  await ask(newcomer())
  expect(await server.value('select count(*) from pending_sign_ups where email = $1', email)).toBe(
    0,
  )
})

test('who finds their name or workspace taken meanwhile chooses another one by the same link', async () => {
  const { username, token } = await asked({ workspace: 'Meadow' })
  const other = await asked({ username: username.toUpperCase(), workspace: 'meadow' })
  expect(await confirm(token)).toBe('201')
  expect(await confirm(other.token)).toBe('409 account_taken')
  expect(await confirm(other.token, { username: '<b>' })).toBe('400 invalid_request')
  expect(await confirm(other.token, { username: 'somebody' })).toBe('409 workspace_name_taken')
  expect(await accounts(other.email)).toBe(0)
  expect(await confirm(other.token, { username: 'somebody', workspace: 'Hedge' })).toBe('201')
})

test('an address that got an account meanwhile makes no second one', async () => {
  const { email, username, token } = await asked()
  await server.person(username)
  expect(await accounts(email)).toBe(1)
  expect(await confirm(token, { username: 'another' })).toBe('410 sign_up_gone')
})

test('an invite counts at the link, which says so when it is used up, and joins once there is another', async () => {
  const anna = await server.person()
  const { id } = await server.workspace(anna)
  const { code } = await anna.call(createInvite, { params: { id }, body: { max_uses: 1 } })
  expect(await ask(newcomer({ invite: 'no-such-code' }))).toMatchObject({ code: 'not_found' })
  const [ben, carl] = [await asked({ invite: code }), await asked({ invite: code })]
  const { workspace } = await server.nobody.call(confirmSignUp, {
    body: { token: ben.token, password },
  })
  expect(workspace).toMatchObject({ id, role: 'member' })
  expect(await confirm(carl.token)).toBe('410 invite_gone')
  expect(await accounts(carl.email)).toBe(0)
  expect(await ask(newcomer({ invite: code }))).toMatchObject({ code: 'invite_gone' })
  await server.value('update workspace_invites set max_uses = 2 where code = $1 returning 1', code)
  expect(await confirm(carl.token)).toBe('201')
  await anna.call(revokeInvite, { params: { id, code } })
  expect(await ask(newcomer({ invite: code }))).toMatchObject({ code: 'invite_gone' })
})

test('a workspace that needs an invite is refused before anybody looks into their mailbox', async () => {
  const { token } = await asked({ workspace: 'Castle' })
  expect(await confirm(token)).toBe('201')
  expect(await ask(newcomer({ workspace: 'castle' }))).toMatchObject({
    status: 409,
    code: 'workspace_name_taken',
  })
})

test('who may sign up is asked at both steps, and what was kept stays', async () => {
  const { token } = await asked()
  const closed = caller((await server.again({ PARLEY_SIGNUP: 'closed' })).url)
  const no = '403 sign_up_closed'
  expect(await closed.outcome(signUp, { body: newcomer() })).toBe(no)
  expect(await closed.outcome(confirmSignUp, { body: { token, password } })).toBe(no)
  expect(await confirm(token)).toBe('201')
})

test('one mailbox gets five letters at the most until it was left alone for an hour', async () => {
  const body = newcomer()
  for (let n = 0; n < 7; n++) expect((await ask(body)).status).toBe(202)
  await sent()
  expect(textsTo(body.email)).toHaveLength(5)
})

test('only so many sign-ups wait at once, and who comes then is told to come back', async () => {
  await server.value(`
    insert into pending_sign_ups (email, username, password_hash)
    select 'm' || n || '@example.net', 'm', 'none' from generate_series(1, 10000) n returning 1`)
  expect(await server.nobody.outcome(signUp, { body: newcomer() })).toBe('503 unavailable')
  // Those that are too old make room.
  await server.value(`
    update pending_sign_ups set expires_at = now() where email like '%.net' returning 1`)
  expect(await server.nobody.outcome(signUp, { body: newcomer() })).toBe('202')
})

test('a link is mailed once the mail server takes it', async () => {
  const body = newcomer()
  mail.refuse(true)
  await ask(body)
  await until(async () => Number(await server.value('select max(attempts) from mail_queue')) === 1)
  mail.refuse(false)
  await until(async () => {
    await server.value('update mail_queue set next_at = now() returning 1')
    return textsTo(body.email).length > 0
  })
  expect(await confirm(await linkTo(body.email))).toBe('201')
})
