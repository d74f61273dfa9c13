import { sql } from '@parley/core/db/sql'
import { newSetupToken } from '@parley/core/access/setup'
import { until } from '@parley/core/testing/until'
import { type Client, ParleyError } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, follow, signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

let stack: Stack
let admin: Client
let bob: Person
beforeAll(async () => {
  stack = await startStack()
  admin = stack.client()
  await signUp(admin, 'amy', 'Acme')
  const client = stack.client()
  await signUp(client, 'bob', 'Elsewhere')
  bob = await follow(client)
})
afterAll(() => stack.stop())

const codeOf = (error: unknown): string =>
  error instanceof ParleyError ? error.code : String(error)
const refused = (call: Promise<unknown>): Promise<string> => call.then(() => 'served', codeOf)

test('AZ-23: by the SDK: nothing for others, a second factor for who administers', async () => {
  expect(await refused(bob.client.getFigures())).toBe('not_found')
  expect(await refused(admin.listAccounts({ query: {} }))).toBe('not_found')
  const me = await admin.setUp({ body: { token: await newSetupToken(stack.sql) } })
  expect(me.is_admin).toBe(true)
  expect(await refused(admin.listAccounts({ query: {} }))).toBe('second_factor_missing')
  await stack.sql.run(sql`
    insert into totp_secrets (user_id, secret_enc, confirmed_at) values (${me.id}, sha256('none'), now())`)
  const { users } = await admin.listAccounts({ query: { query: 'bob' } })
  expect(users).toMatchObject([{ id: bob.me.id, status: 'active', is_admin: false }])
  expect((await admin.getFigures()).users).toBe(2)
})

test('AU-06, AU-08: an account that is disabled loses its session and its stream within a second or so', async () => {
  const since = performance.now()
  const params = { user_id: bob.me.id }
  const account = await admin.updateAccount({ params, body: { status: 'disabled' } })
  expect(account.status).toBe('disabled')
  await until(() => bob.stream.state().state === 'offline')
  expect(bob.stream.state()).toMatchObject({ reason: 'signed_out' })
  expect(await refused(bob.client.getMe())).toBe('not_signed_in')
  expect(performance.now() - since).toBeLessThan(5000)
  const { entries, users } = await admin.listAudit({ query: { action: 'account' } })
  expect(entries[0]).toMatchObject({
    action: 'account.disabled',
    target_kind: 'user',
    target_id: bob.me.id,
  })
  expect(users.map(({ username }) => username)).toContain('bob')
})
