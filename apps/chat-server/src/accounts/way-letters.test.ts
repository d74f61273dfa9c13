import {
  addPasskey,
  beginAddPasskey,
  beginTotp,
  confirmTotp,
  linkOpenid,
  removePasskey,
  removeTotp,
  renewRecoveryCodes,
  resetSecondFactor,
  unlinkOpenid,
} from '@parley/contract'
import { authenticator } from '@parley/core/testing/authenticator'
import { startMailServer } from '@parley/core/testing/mail-server'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administrator } from '../fixtures/administrator.ts'
import { createAuthenticator } from '../fixtures/authenticator.ts'
import { browser } from '../fixtures/browser.ts'
import type { Person } from '../fixtures/chat-server.ts'
import { startWithOpenid } from '../fixtures/openid.ts'

let mail: Awaited<ReturnType<typeof startMailServer>>
let world: Awaited<ReturnType<typeof startWithOpenid>>
beforeAll(async () => {
  mail = await startMailServer()
  world = await startWithOpenid({
    PARLEY_SMTP_URL: mail.url,
    PARLEY_MAIL_FROM: 'Parley <parley@example.org>',
  })
})
afterAll(async () => {
  await world.stop()
  await mail.stop()
})

/** Somebody who signs in by a password too, so that all the rest may go. */
async function person(): Promise<Person> {
  const made = await world.server.person()
  await world.server.value(`update users set password_hash = 'some' where id = $1`, made.id)
  return made
}

/** The texts of the letters to somebody, once there are so many. */
async function lettersTo({ username }: Person, count: number): Promise<string[]> {
  const theirs = () => mail.received.filter(({ to }) => to.includes(`${username}@example.org`))
  await until(() => theirs().length >= count, { timeoutMs: 20_000 })
  return theirs().map(({ text }) => text.replaceAll('=\r\n', ''))
}

test.concurrent('somebody is told when an app comes or goes, and of new recovery codes', async () => {
  const anna = await person()
  const { secret } = await anna.call(beginTotp, {})
  const code = await authenticator(secret)
  expect(await anna.outcome(confirmTotp, { body: { code: code(9) } })).toBe('403 wrong_code')
  const { recovery_codes: first } = await anna.call(confirmTotp, { body: { code: code(-1) } })
  const { recovery_codes: second } = await anna.call(renewRecoveryCodes, {})
  await anna.call(removeTotp, {})
  // There is none any more.
  await anna.call(removeTotp, {})
  const letters = await lettersTo(anna, 3)
  expect(letters).toHaveLength(3)
  const all = letters.join('\n')
  expect(all).toContain('takes a code of an authenticator app from now on')
  expect(all).toContain('New recovery codes were made')
  expect(all).toContain('takes no code of an authenticator app any more')
  expect(all).toContain(`${world.url}/reset`)
  for (const kept of [secret, code(-1), ...first, ...second]) expect(all).not.toContain(kept)
})

test.concurrent('somebody is told when a passkey comes or goes', async () => {
  const anna = await person()
  const { options } = await anna.call(beginAddPasskey, {})
  const credential = createAuthenticator(world.url).make(options)
  const { id } = await anna.call(addPasskey, { body: { name: 'Read this', credential } })
  await anna.call(removePasskey, { params: { passkey_id: id } })
  const all = (await lettersTo(anna, 2)).join('\n')
  expect(all).toContain('A passkey was added')
  expect(all).toContain('A passkey was removed')
  // A stranger may have given it its name.
  expect(all).not.toContain('Read this')
})

test.concurrent('somebody is told when the account is linked to the provider, and when it is no longer', async () => {
  const anna = await person()
  const device = browser()
  const { body, headers } = await anna.ask(linkOpenid, { body: { to: '/settings/security' } })
  const cookie = /parley_openid=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  device.cookiesOf(world.url).set('parley_openid', cookie)
  const address = await world.leaveTo(device, world.newcomer(), body.url)
  expect(await world.land(device, address)).toBe('/settings/security?openid=linked')
  await anna.call(unlinkOpenid, {})
  const all = (await lettersTo(anna, 2)).join('\n')
  expect(all).toContain('was linked to the OpenID provider')
  expect(all).toContain('is no longer linked')
})

test.concurrent('somebody is told when an administrator takes their second factor away', async () => {
  const [admin, anna] = [await administrator(world.server), await person()]
  await admin.call(resetSecondFactor, { params: { user_id: anna.id } })
  const [letter] = await lettersTo(anna, 1)
  expect(letter).toContain('An administrator removed')
})

test('what is refused tells nobody', async () => {
  const [anna, device] = [await person(), createAuthenticator(world.url)]
  const { options } = await anna.call(beginAddPasskey, {})
  const body = { name: 'Key', credential: device.make(options) }
  await anna.call(addPasskey, { body })
  await lettersTo(anna, 1)
  await world.server.value(`update users set password_hash = 'none' where id = $1`, anna.id)
  const id = Number(await world.server.value('select id from passkeys where user_id = $1', anna.id))
  expect(await anna.outcome(removePasskey, { params: { passkey_id: id } })).toBe('409 last_sign_in')
  expect(await world.server.value('select count(*)::int from mail_queue')).toBe(0)
  expect(await lettersTo(anna, 1)).toHaveLength(1)
})
