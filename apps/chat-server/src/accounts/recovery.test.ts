import {
  getInstance,
  getMe,
  refresh,
  requestReset,
  resetPassword,
  signIn,
  signUp,
} from '@parley/contract'
import { startMailServer } from '@parley/core/testing/mail-server'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, caller } from '../fixtures/call.ts'
import { type TestServer, startChatServer } from '../fixtures/chat-server.ts'

let mail: Awaited<ReturnType<typeof startMailServer>>
let server: TestServer
/** Without mail, where signing up needs no link. */
let plain: Caller
beforeAll(async () => {
  mail = await startMailServer()
  server = await startChatServer({
    PARLEY_SMTP_URL: mail.url,
    PARLEY_MAIL_FROM: 'Parley <parley@example.org>',
  })
  plain = caller((await server.again({ PARLEY_SMTP_URL: '', PARLEY_MAIL_FROM: '' })).url)
})
afterAll(async () => {
  await server.stop()
  await mail.stop()
})

const old = { password: 'the old password' }
const fresh = { password: 'the new password' }
let count = 0
async function signedUp() {
  const username = `r${++count}`
  const email = `${username}@example.org`
  const { body, headers } = await plain.ask(signUp, { body: { username, email, ...old } })
  const rt = /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  return { email, id: body.user.id, rt, ...caller(server.url, body.token) }
}
const mailsTo = (address: string) => mail.received.filter(({ to }) => to.includes(address))
/** The secret in the link that was mailed last. */
async function linkTo(address: string, nth = 1): Promise<string> {
  await until(() => mailsTo(address).length >= nth)
  const text = mailsTo(address).at(-1)?.text.replaceAll(/=\r\n/g, '') ?? ''
  return /http:\/\/localhost:6688\/reset#([\w-]{43})/.exec(text)?.[1] ?? ''
}
/** Nothing waits to be sent any more. */
const sent = () => until(async () => (await server.value('select count(*) from mail_queue')) === 0)
const ask = (email: string) => server.nobody.ask(requestReset, { body: { email } })
const reset = (token: string, more = fresh) =>
  server.nobody.outcome(resetPassword, { body: { token, ...more } })
const sign = (email: string, by: object) =>
  server.nobody.outcome(signIn, { body: { email, ...old, ...by } })

test('AU-21: a forgotten password is set anew by a mailed link, once, and every session ends', async () => {
  expect((await server.nobody.call(getInstance, {})).mail).toBe(true)
  const anna = await signedUp()
  expect((await ask(anna.email.toUpperCase())).status).toBe(202)
  const token = await linkTo(anna.email)
  expect(await reset(token, { password: 'short' })).toBe('422 weak_password')
  expect(await reset(token)).toBe('204')
  expect(await reset(token)).toBe('410 reset_gone')
  await until(async () => (await anna.outcome(getMe, {})) === '401 not_signed_in')
  const renewed = server.nobody.outcome(refresh, { body: { refresh_token: anna.rt } })
  expect(await renewed).toBe('401 invalid_refresh_token')
  expect(await sign(anna.email, old)).toBe('401 invalid_credentials')
  expect(await sign(anna.email, fresh)).toBe('200')
  // They are told of it.
  await until(() => mailsTo(anna.email).length === 2)
  expect(mailsTo(anna.email).at(-1)?.text).toContain('was changed')
})

test('AU-15: whether there is such an account, nobody learns, and nobody else is written to', async () => {
  const anna = await signedUp()
  const [known, unknown] = [await ask(anna.email), await ask('nobody@example.org')]
  const shape = ({ status, body, headers }: typeof known) => ({
    status,
    body,
    headers: [...headers.keys()].toSorted(),
  })
  expect(shape(unknown)).toEqual(shape(known))
  await linkTo(anna.email)
  await sent()
  expect(mailsTo('nobody@example.org')).toEqual([])
  const blocked = await signedUp()
  await server.value(`update users set status = 'disabled' where id = $1`, blocked.id)
  await ask(blocked.email)
  await sent()
  expect(mailsTo(blocked.email)).toEqual([])
})

test('AU-21: a link that is forged, too old or from before another change is worth nothing', async () => {
  const anna = await signedUp()
  await ask(anna.email)
  const token = await linkTo(anna.email)
  for (let at = 0; at < token.length; at += 7) {
    const flipped = token[at] === 'A' ? 'B' : 'A'
    expect(await reset(token.slice(0, at) + flipped + token.slice(at + 1))).toBe('410 reset_gone')
  }
  await server.value(`update password_resets set expires_at = now() - interval '1 second'`)
  expect(await reset(token)).toBe('410 reset_gone')

  const ben = await signedUp()
  await ask(ben.email)
  const bens = await linkTo(ben.email)
  await server.value(`update users set password_hash = 'another' where id = $1`, ben.id)
  expect(await reset(bens)).toBe('410 reset_gone')
})

test('AU-21: the page of a link uses nothing up, and its address is the one of the settings', async () => {
  const anna = await signedUp()
  await fetch(`${server.url}/api/auth/reset`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
    },
    body: JSON.stringify({ email: anna.email }),
  })
  const token = await linkTo(anna.email)
  expect(mailsTo(anna.email)[0]?.text).not.toContain('evil.example')
  // What scanners of mail do.
  for (let n = 0; n < 3; n++) await fetch(`${server.url}/reset`)
  expect(await reset(token)).toBe('204')
})

test('of a link only a hash is kept, and of a letter that waits nothing that can be read', async () => {
  const anna = await signedUp()
  await sent()
  mail.refuse(true)
  await ask(anna.email)
  await until(async () => Number(await server.value('select max(attempts) from mail_queue')) === 1)
  await until(
    async () =>
      (await server.value(`select next_at < now() + interval '1 minute' from mail_queue`)) === true,
  )
  const waits = String(await server.value(`select encode(payload_enc, 'escape') from mail_queue`))
  expect(waits).not.toContain(anna.email)
  expect(
    await server.value('select count(*) from password_resets where user_id = $1', anna.id),
  ).toBe(0)
  mail.refuse(false)
  await server.value('update mail_queue set next_at = now() returning 1')
  const token = await linkTo(anna.email)
  const kept = String(
    await server.value(
      `select encode(hash, 'hex') from password_resets where user_id = $1`,
      anna.id,
    ),
  )
  expect(kept).not.toContain(Buffer.from(token, 'base64url').toString('hex'))
})

test('who asks again within a minute is not written to again', async () => {
  const anna = await signedUp()
  await ask(anna.email)
  await linkTo(anna.email)
  await ask(anna.email)
  await sent()
  expect(mailsTo(anna.email)).toHaveLength(1)
})

test('AU-16: who may not guess any more signs in by a new password from a mailed link', async () => {
  const { url } = await server.again({ PARLEY_RATE_LIMITS: 'on' })
  const limited = caller(url)
  const anna = await signedUp()
  const guess = (password: string) =>
    limited.outcome(signIn, { body: { email: anna.email, password } })
  await until(async () => (await guess('not this one')) === '429 rate_limited')
  expect(await guess(old.password)).toBe('429 rate_limited')
  await ask(anna.email)
  expect(await reset(await linkTo(anna.email))).toBe('204')
  expect(await guess(fresh.password)).toBe('200')
})

test('an instance without mail says so', async () => {
  expect((await plain.call(getInstance, {})).mail).toBe(false)
  const outcome = plain.outcome(requestReset, { body: { email: 'a@example.org' } })
  expect(await outcome).toBe('409 no_mail')
})
