import { acceptInvite, createInvite, getInstance, listWorkspaces, signIn } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser } from '../../fixtures/browser.ts'
import { query } from '../../fixtures/chat-server.ts'
import { startWithOpenid } from '../../fixtures/openid.ts'

let world: Awaited<ReturnType<typeof startWithOpenid>>
beforeAll(async () => {
  world = await startWithOpenid()
})
afterAll(() => world.stop())

const done = (to: string) => `/signin?${new URLSearchParams({ openid: 'done', to }).toString()}`
const ended = (outcome: string, to = '/') =>
  `/signin?${new URLSearchParams({ openid: outcome, to }).toString()}`
const users = async () => Number(await world.server.value('select count(*) from users'))
const actionsOf = async (userId: number) =>
  (
    await query<{ action: string }>(
      world.server.pool,
      'select action from audit_log where actor_id = $1 order by id',
      userId,
    )
  ).map(({ action }) => action)

test('who is unknown gets an account, with the name and the address of the provider', async () => {
  expect((await world.server.nobody.call(getInstance, {})).openid_name).toBe('Example Login')
  const ann = world.newcomer({ preferred_username: 'Ann Lee@example.org' })
  const device = browser()
  expect(await world.signIn(ann, '/w/1/c/2?x=1#y', device)).toBe(done('/w/1/c/2?x=1#y'))
  const user = await world.whoIs(device)
  expect(user).toMatchObject({ username: 'Ann-Lee', email: ann.email })
  expect(await actionsOf(user?.id ?? 0)).toEqual([
    'account.created',
    'openid.linked',
    'session.begun',
  ])
  // No password fits it.
  for (const password of ['none', 'a long password'])
    expect(
      await world.server.nobody.outcome(signIn, { body: { email: ann.email, password } }),
    ).toBe('401 invalid_credentials')
})

test('who comes again is the same, whatever they are called there by now', async () => {
  const ann = world.newcomer()
  const [one, other] = [browser(), browser()]
  await world.signIn(ann, '/', one)
  const before = await users()
  const renamed = { ...ann, email: 'another@example.org', preferred_username: 'another' }
  expect(await world.signIn(renamed, '/', other)).toBe(done('/'))
  const [first, second] = [await world.whoIs(one), await world.whoIs(other)]
  expect(second).toMatchObject({ id: first?.id, email: ann.email, username: first?.username })
  expect(await users()).toBe(before)
})

test('of two with the same name the second has a number behind it', async () => {
  const devices = [browser(), browser()]
  for (const device of devices)
    await world.signIn(world.newcomer({ preferred_username: 'Twin' }), '/', device)
  const names = await Promise.all(
    devices.map(async (device) => (await world.whoIs(device))?.username),
  )
  expect(names).toEqual(['Twin', 'Twin2'])
})

test.each([true, false, undefined])(
  'AU-24: an address that an account has is never linked by itself (verified: %s)',
  async (email_verified) => {
    const bob = await world.server.person()
    const before = await users()
    const device = browser()
    const claims = world.newcomer({ email: `${bob.username}@EXAMPLE.org`, email_verified })
    const outcome = email_verified === true ? 'taken' : 'unverified'
    expect(await world.signIn(claims, '/w/1', device)).toBe(ended(outcome, '/w/1'))
    expect(await world.whoIs(device)).toBeUndefined()
    expect(await users()).toBe(before)
    expect(
      await world.server.value('select count(*) from openid_links where user_id = $1', bob.id),
    ).toBe(0)
    const noted =
      "select detail ->> 'because' from audit_log where action = $1 order by id desc limit 1"
    expect(await world.server.value(noted, 'sign_in.refused')).toBe(outcome)
  },
)

test('nobody has an account by an address that the provider does not vouch for', async () => {
  for (const more of [
    { email_verified: false },
    { email_verified: undefined },
    { email: undefined },
  ])
    expect(await world.signIn(world.newcomer(more))).toBe(ended('unverified'))
  expect(await world.signIn(world.newcomer({ email_verified: 'true' }))).toBe(done('/'))
})

test('who is disabled stays out', async () => {
  const ann = world.newcomer()
  const [one, other] = [browser(), browser()]
  await world.signIn(ann, '/', one)
  const user = await world.whoIs(one)
  await world.server.value(`update users set status = 'disabled' where id = $1`, user?.id)
  expect(await world.signIn(ann, '/', other)).toBe(ended('disabled'))
  expect(await world.whoIs(other)).toBeUndefined()
})

test('who is refused there, or says no, is told so', async () => {
  const device = browser()
  expect(await world.signIn(undefined, '/w/1', device)).toBe(ended('refused', '/w/1'))
  expect(await world.whoIs(device)).toBeUndefined()
})

test('an invite makes an account where sign-up takes one, and joins its workspace', async () => {
  const owner = await world.server.person()
  const { id } = await world.server.workspace(owner)
  const { code } = await owner.call(createInvite, { params: { id }, body: { max_uses: 1 } })
  const invited = await startInvited('invite')
  expect(await invited.signIn(invited.newcomer())).toBe(ended('closed'))
  expect(await invited.signIn(invited.newcomer(), '/i/none')).toBe(ended('invite_gone', '/i/none'))
  await invited.stop()
  const device = browser()
  expect(await world.signIn(world.newcomer(), `/i/${code}`, device)).toBe(done(`/i/${code}`))
  const user = await world.whoIs(device)
  const { workspaces } = (await user?.call(listWorkspaces, {})) ?? {}
  expect(workspaces?.map((workspace) => workspace.id)).toEqual([id])
  // Its page finds them in, and takes no other use.
  expect(await user?.outcome(acceptInvite, { params: { code } })).toMatch(/^20[01]$/)
  const used = await world.signIn(world.newcomer(), `/i/${code}`)
  expect(used).toBe(ended('invite_gone', `/i/${code}`))
})

const startInvited = (signup: string) => startWithOpenid({ PARLEY_SIGNUP: signup })

test('where sign-up is closed only those get in who are known', async () => {
  const closed = await startInvited('closed')
  expect(await closed.signIn(closed.newcomer())).toBe(ended('closed'))
  expect(await closed.signIn(closed.newcomer(), '/i/abc')).toBe(ended('closed', '/i/abc'))
  expect(await closed.server.value('select count(*) from users')).toBe(0)
  await closed.stop()
})
