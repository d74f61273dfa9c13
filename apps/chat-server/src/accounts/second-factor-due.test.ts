import {
  acceptInvite,
  beginTotp,
  confirmTotp,
  createInvite,
  createTicket,
  createWorkspace,
  getBootstrap,
  getMe,
  getSecondFactorRule,
  getSecondFactors,
  joinWorkspace,
  refresh,
  removePasskey,
  removeTotp,
  resetSecondFactor,
  setSecondFactorRule,
  setWorkspaceSecondFactorRule,
  signIn,
  signUp,
} from '@parley/contract'
import { authenticator } from '@parley/core/testing/authenticator'
import { until } from '@parley/core/testing/until'
import { afterAll, afterEach, expect, test } from 'vitest'
import { administrator, withFactor } from '../fixtures/administrator.ts'
import { type Caller, caller } from '../fixtures/call.ts'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const admin = await administrator(server)
const requireOfAll = (required: boolean) => admin.call(setSecondFactorRule, { body: { required } })
afterEach(() => requireOfAll(false))

const password = 'correct horse battery staple'
let count = 0
/** Somebody with a password, and the token of their sign-up. */
async function newcomer(more: { invite?: string } = {}) {
  const username = `due${++count}`
  const email = `${username}@example.org`
  const body = { username, email, password, ...more }
  const { body: signedUp, headers } = await server.nobody.ask(signUp, { body })
  const me = caller(server.url, signedUp.token)
  return { email, id: signedUp.user.id, me, refreshToken: refreshTokenIn(headers) }
}

const refreshTokenIn = (headers: Headers): string =>
  /parley_rt=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? ''

/** A session as one has it who signs in again. */
async function signedIn(email: string) {
  const { body, headers } = await server.nobody.ask(signIn, { body: { email, password } })
  return { me: caller(server.url, body.token), refreshToken: refreshTokenIn(headers) }
}

const refreshed = async (refresh_token: string): Promise<Caller> =>
  caller(server.url, (await server.nobody.call(refresh, { body: { refresh_token } })).token)

async function setUp(me: Caller): Promise<void> {
  const { secret } = await me.call(beginTotp, {})
  const code = await authenticator(secret)
  await me.call(confirmTotp, { body: { code: code(-1) } })
}

const addPasskey = ({ id }: { id: number }) =>
  server.value(
    `insert into passkeys (user_id, credential_id, public_key, counter, transports, name,
       backup_eligible, backed_up)
     values ($1, sha256(random()::text::bytea), '\\x00', 0, '{}', 'A key', false, false) returning id`,
    id,
  )

/** A workspace that requires one, and its owner, who has one. */
async function strictWorkspace() {
  const owner = await server.person()
  await withFactor(server, owner)
  const workspace = await server.workspace(owner)
  await rule(owner, workspace.id, true)
  return { owner, ...workspace }
}
const rule = (owner: Person, id: number, required: boolean) =>
  owner.call(setWorkspaceSecondFactorRule, { params: { id }, body: { required } })
const inviteInto = async (owner: Person, id: number): Promise<string> =>
  (await owner.call(createInvite, { params: { id }, body: {} })).code

const due = '403 second_factor_due'

test('once all need a second factor, who has none is signed out, signs in, sets one up and goes on', async () => {
  const { email, me } = await newcomer()
  expect(await me.outcome(getMe, {})).toBe('200')
  await requireOfAll(true)
  await until(async () => (await me.outcome(getMe, {})) === '401 not_signed_in')

  const again = await signedIn(email)
  expect(await again.me.outcome(getMe, {})).toBe(due)
  expect(await again.me.outcome(getBootstrap, {})).toBe(due)
  expect(await again.me.outcome(createTicket, {})).toBe(due)
  // Nor does it help to go on with the session.
  const { headers } = await server.nobody.ask(refresh, {
    body: { refresh_token: again.refreshToken },
  })
  expect(await again.me.call(getSecondFactors, {})).toMatchObject({
    totp_since: null,
    required_by: { instance: true, workspaces: [] },
  })
  await setUp(again.me)
  const free = await refreshed(refreshTokenIn(headers))
  expect(await free.outcome(getMe, {})).toBe('200')
  expect(await free.outcome(getBootstrap, {})).toBe('200')
})

test('a session that nobody used lately goes on, to the setup', async () => {
  const { me, refreshToken } = await newcomer()
  const { id } = await me.call(getMe, {})
  await server.value(
    `update sessions set last_used_at = now() - interval '1 hour' where user_id = $1`,
    id,
  )
  await requireOfAll(true)
  expect(await (await refreshed(refreshToken)).outcome(getMe, {})).toBe(due)
})

test('who has a second factor notices nothing of the rule', async () => {
  const [app, key] = [await server.person(), await server.person()]
  await withFactor(server, app)
  await addPasskey(key)
  await requireOfAll(true)
  for (const { sessionId } of [app, key]) expect(await endedBecause(sessionId)).toBeNull()
  expect(await admin.outcome(getSecondFactorRule, {})).toBe('200')
})

const endedBecause = (sessionId: number) =>
  server.value('select revoked_because from sessions where id = $1', sessionId)

test('a workspace requires it of its members, wherever they are, and of nobody else', async () => {
  const owner = await server.person()
  const [member, stranger] = [await newcomer(), await server.person()]
  const { id } = await server.workspace(owner)
  await server.value(`select join_workspace($1, $2, 'member')`, id, member.id)
  await member.me.call(createWorkspace, { body: { name: 'Of my own' } })
  await withFactor(server, owner)
  await rule(owner, id, true)
  await until(async () => (await member.me.outcome(getMe, {})) === '401 not_signed_in')
  expect(await stranger.outcome(getMe, {})).toBe('200')
  expect(await owner.outcome(getMe, {})).toBe('200')

  const again = await signedIn(member.email)
  expect(await again.me.outcome(getBootstrap, {})).toBe(due)
  const { required_by } = await again.me.call(getSecondFactors, {})
  expect(required_by.instance).toBe(false)
  expect(required_by.workspaces).toHaveLength(1)
  // Lifted, the next token is as good as any.
  await rule(owner, id, false)
  expect(await (await refreshed(again.refreshToken)).outcome(getBootstrap, {})).toBe('200')
})

test('a workspace that is deleted or left requires nothing', async () => {
  const { id } = await strictWorkspace()
  const { email, id: userId } = await newcomer()
  await server.value(`select join_workspace($1, $2, 'member')`, id, userId)
  expect(await (await signedIn(email)).me.outcome(getMe, {})).toBe(due)
  await server.value('update workspaces set deleted_at = now() where id = $1', id)
  expect(await (await signedIn(email)).me.outcome(getMe, {})).toBe('200')
})

test('an owner requires it only who has a second factor, and confirmed it lately', async () => {
  const owner = await server.person()
  const { id } = await server.workspace(owner)
  const input = { params: { id }, body: { required: true } }
  expect(await owner.outcome(setWorkspaceSecondFactorRule, input)).toBe('403 second_factor_missing')
  expect(await owner.outcome(getMe, {})).toBe('200')
  await withFactor(server, owner)
  await server.value(
    `update sessions set confirmed_at = now() - interval '6 minutes' where id = $1`,
    owner.sessionId,
  )
  expect(await owner.outcome(setWorkspaceSecondFactorRule, input)).toBe('403 confirmation_required')
  await server.value('update sessions set confirmed_at = now() where id = $1', owner.sessionId)
  expect(await owner.outcome(setWorkspaceSecondFactorRule, input)).toBe('200')
})

test('nobody joins a workspace that requires what they have not, by an invite or by themselves', async () => {
  const { owner, id } = await strictWorkspace()
  await server.value(`update workspaces set join_policy = 'open' where id = $1`, id)
  const code = await inviteInto(owner, id)
  const person = await server.person()
  expect(await person.outcome(joinWorkspace, { params: { id } })).toBe(due)
  expect(await person.outcome(acceptInvite, { params: { code } })).toBe(due)
  const members = 'select count(*)::int from workspace_members where workspace_id = $1'
  expect(await server.value(members, id)).toBe(1)
  await withFactor(server, person)
  expect(await person.outcome(acceptInvite, { params: { code } })).toBe('200')
})

test('who signs up by an invite into such a workspace is in it, and sets one up first', async () => {
  const { owner, id } = await strictWorkspace()
  const { me, refreshToken } = await newcomer({ invite: await inviteInto(owner, id) })
  expect(await me.outcome(getBootstrap, {})).toBe(due)
  await setUp(me)
  expect(await (await refreshed(refreshToken)).outcome(getBootstrap, {})).toBe('200')
})

test('the last second factor stays while it is required', async () => {
  const person = await server.person()
  await server.value(`update users set password_hash = 'some' where id = $1`, person.id)
  await withFactor(server, person)
  const key = Number(await addPasskey(person))
  await requireOfAll(true)
  expect(await person.outcome(removeTotp, {})).toBe('204')
  const params = { passkey_id: key }
  expect(await person.outcome(removePasskey, { params })).toBe('409 last_second_factor')
  await withFactor(server, person)
  expect(await person.outcome(removePasskey, { params })).toBe('204')
  expect(await person.outcome(removeTotp, {})).toBe('409 last_second_factor')
  await requireOfAll(false)
  expect(await person.outcome(removeTotp, {})).toBe('204')
})

test('AU-22: where one is required a passkey is asked for besides the password, and only there', async () => {
  const { email, id } = await newcomer()
  await addPasskey({ id })
  const body = { email, password }
  expect(await server.nobody.outcome(signIn, { body })).toBe('200')
  await requireOfAll(true)
  expect(await server.nobody.outcome(signIn, { body })).toBe('401 second_factor_required')
})

test('whoever lost theirs sets up a new one, once an administrator took the old away', async () => {
  const { email, id, me } = await newcomer()
  await addPasskey({ id })
  await requireOfAll(true)
  expect(await me.outcome(getMe, {})).toBe('200')
  await admin.call(resetSecondFactor, { params: { user_id: id } })
  await until(async () => (await me.outcome(getMe, {})) === '401 not_signed_in')
  expect(await (await signedIn(email)).me.outcome(getMe, {})).toBe(due)
})

test('a session by the provider needs no factor of ours', async () => {
  const person = await server.person()
  await server.value('update sessions set by_provider = true where id = $1', person.sessionId)
  await requireOfAll(true)
  expect(await endedBecause(person.sessionId)).toBeNull()
})

test('the audit log tells who required it where, and whose sessions ended for it', async () => {
  const owner = await server.person()
  await withFactor(server, owner)
  const member = await server.person()
  const { id } = await server.workspace(owner, member)
  const since = await server.value('select coalesce(max(id), 0) from audit_log')
  await rule(owner, id, true)
  await rule(owner, id, true)
  await rule(owner, id, false)
  await requireOfAll(true)
  const noted = await query<{ action: string; actor_id: number; workspace_id: number | null }>(
    server.pool,
    `select action, actor_id, workspace_id from audit_log
     where id > $1 and action like 'second_factor_rule%' order by id`,
    since,
  )
  expect(noted).toEqual([
    { action: 'second_factor_rule.added', actor_id: owner.id, workspace_id: id },
    { action: 'second_factor_rule.removed', actor_id: owner.id, workspace_id: id },
    { action: 'second_factor_rule.added', actor_id: admin.id, workspace_id: null },
  ])
  expect(await endedBecause(member.sessionId)).toBe('second factor required')
})
