import {
  changePassword,
  confirmMe,
  createChat,
  createInvite,
  deleteChat,
  deleteMessage,
  deleteWorkspace,
  eraseMe,
  listSessions,
  putChatMember,
  removeChatMember,
  removeWorkspaceMember,
  revokeInvite,
  revokeSession,
  sendMessage,
  signIn,
  signOut,
  signUp,
  updateWorkspace,
  updateWorkspaceMember,
} from '@parley/contract'
import { brokenAt, chainOf } from '@parley/core/audit/chain'
import { afterAll, expect, test } from 'vitest'
import { caller } from '../fixtures/call.ts'
import { query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

interface Entry {
  action: string
  actor_id: number | null
  network: string
  request_id: string
  workspace_id: number | null
  target_kind: string | null
  target_id: number | null
  detail: unknown
}

const last = async () => Number(await server.value('select coalesce(max(id), 0) from audit_log'))

/** What `work` added to the audit log. */
async function audited(work: () => Promise<unknown>): Promise<Entry[]> {
  const before = await last()
  await work()
  return query<Entry>(server.pool, 'select * from audit_log where id > $1 order by id', before)
}

const password = 'a long password'
let count = 0
async function signedUp() {
  const username = `au${++count}`
  const email = `${username}@example.org`
  const { user, token } = await server.nobody.call(signUp, { body: { username, email, password } })
  return { email, id: user.id, ...caller(server.url, token) }
}

test('OP-05: signing up, in and out, failing, and a new password are audited with who and where', async () => {
  const username = 'auditor'
  const email = `${username}@example.org`
  let id = 0
  const begun = await audited(async () => {
    ;({ id } = (await server.nobody.call(signUp, { body: { username, email, password } })).user)
  })
  expect(begun).toMatchObject([
    { action: 'account.created', actor_id: id, target_kind: 'user', target_id: id },
    { action: 'session.begun', actor_id: id, target_kind: 'session', network: '127.0.0.0' },
  ])
  const refused = await audited(async () => {
    await server.nobody.ask(signIn, { body: { email, password: 'wrong' } })
    await server.nobody.ask(signIn, { body: { email: 'nobody@example.org', password: 'wrong' } })
  })
  expect(refused).toMatchObject([
    { action: 'sign_in.refused', actor_id: null, target_id: id },
    { action: 'sign_in.refused', actor_id: null, target_id: null },
  ])
  expect(new Set(refused.map(({ request_id }) => request_id)).size).toBe(2)

  const anna = await signedUp()
  const wrong = await audited(() => anna.ask(confirmMe, { body: { password: 'wrong' } }))
  expect(wrong).toMatchObject([{ action: 'session.confirm_refused', actor_id: anna.id }])
  const confirmed = await audited(() => anna.ask(confirmMe, { body: { password } }))
  expect(confirmed).toMatchObject([{ action: 'session.confirmed', actor_id: anna.id }])
  const [{ id: session_id } = { id: 0 }] = (await anna.call(listSessions, {})).sessions
  const changed = await audited(() =>
    anna.ask(changePassword, { body: { password: 'another password' } }),
  )
  expect(changed).toMatchObject([
    {
      action: 'session.ended',
      target_id: session_id,
      detail: { because: 'password changed' },
    },
    { action: 'password.changed', actor_id: anna.id },
    { action: 'session.begun', actor_id: anna.id },
  ])
})

test('OP-05: sessions that are ended, used again or signed out are audited with why', async () => {
  const anna = await signedUp()
  const { headers } = await server.nobody.ask(signIn, { body: { email: anna.email, password } })
  const refresh_token = /parley_rt=([^;]+)/.exec(headers.getSetCookie().join())?.[1] ?? ''
  const out = await audited(() => server.nobody.ask(signOut, { body: { refresh_token } }))
  expect(out).toMatchObject([
    { action: 'session.ended', actor_id: anna.id, detail: { because: 'signed out' } },
  ])
  const [{ id: session_id } = { id: 0 }] = (await anna.call(listSessions, {})).sessions
  const ended = await audited(() => anna.ask(revokeSession, { params: { session_id } }))
  expect(ended).toMatchObject([
    { action: 'session.ended', target_id: session_id, session_id, network: '127.0.0.0' },
  ])
})

test('OP-05: roles, members, invites, settings and deletions are audited with their workspace', async () => {
  const [anna, ben, carl] = [await server.person(), await server.person(), await server.person()]
  const { id } = await server.workspace(anna, ben, carl)
  const type = 'private_channel'
  const chat = await anna.call(createChat, {
    body: { type, name: 'secret plans', workspace_id: id, user_ids: [ben.id] },
  })
  const inChat = { id: chat.id }
  const actions = await audited(async () => {
    const { code } = await anna.call(createInvite, { params: { id }, body: { max_uses: 3 } })
    await anna.call(revokeInvite, { params: { id, code } })
    await anna.call(updateWorkspace, { params: { id }, body: { join_policy: 'open' } })
    const params = { id, user_id: ben.id }
    await anna.call(updateWorkspaceMember, { params, body: { role: 'admin' } })
    await anna.call(putChatMember, { params: { ...inChat, user_id: carl.id }, body: {} })
    await anna.call(putChatMember, {
      params: { ...inChat, user_id: carl.id },
      body: { role: 'admin' },
    })
    const message = await carl.call(sendMessage, {
      params: inChat,
      body: { content: 'rude words' },
    })
    await carl.call(sendMessage, { params: inChat, body: { content: 'more of them' } })
    await anna.call(deleteMessage, { params: { ...inChat, message_id: message.id } })
    await anna.call(removeChatMember, { params: { ...inChat, user_id: carl.id } })
    await anna.call(removeWorkspaceMember, { params: { id, user_id: carl.id } })
    await anna.call(deleteChat, { params: inChat })
    await anna.call(deleteWorkspace, { params: { id } })
  })
  expect(
    actions.every(({ actor_id, workspace_id }) => actor_id === anna.id && workspace_id === id),
  ).toBe(true)
  expect(actions.every(({ network, request_id }) => network !== '' && request_id !== '')).toBe(true)
  expect(actions.map(({ action }) => action)).toEqual([
    'invite.created',
    'invite.revoked',
    'workspace.changed',
    'workspace_member.role_changed',
    'chat_member.added',
    'chat_member.role_changed',
    'message.removed',
    'chat_member.removed',
    'chat_member.removed',
    'workspace_member.removed',
    'chat.deleted',
    // Its channel general.
    'chat.deleted',
    'workspace.deleted',
  ])
  expect(actions[3]).toMatchObject({ target_id: ben.id, detail: { role: 'admin' } })
  expect(actions[4]).toMatchObject({ target_id: chat.id, detail: { user_ids: [carl.id] } })
  expect(actions[6]).toMatchObject({ detail: { chat_id: chat.id, sender_id: carl.id } })
  const text = JSON.stringify(actions)
  for (const word of ['secret plans', 'rude words']) expect(text).not.toContain(word)
})

test('what somebody erases of themselves is audited, and no name or address is in the log', async () => {
  const anna = await signedUp()
  const erased = await audited(() => anna.ask(eraseMe, { body: { password } }))
  expect(erased.map(({ action }) => action)).toContain('account.erased')
  const rows = await query<{ text: string }>(
    server.pool,
    'select string_agg(a::text, chr(10)) as text from audit_log a',
  )
  expect(rows[0]?.text).not.toContain(anna.email)
  expect(rows[0]?.text).not.toContain(password)
})

test('the audit log is one chain, also of what is written at the same moment', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => signedUp()))
  await Promise.all(
    people.flatMap(({ email }) =>
      ['wrong', password].map((given) =>
        server.nobody.ask(signIn, { body: { email, password: given } }),
      ),
    ),
  )
  expect(await brokenAt(server.pool)).toBe(null)
  const { entries, position, hash } = await chainOf(server.pool)
  expect(entries).toBe(Number(await server.value('select count(*) from audit_log')))
  expect(position).toBe(entries)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
})

test('OP-05: the audit log takes new entries only, and what is forged in it shows', async () => {
  await signedUp()
  const refused = /append-only/
  await expect(server.value(`update audit_log set actor_id = 1`)).rejects.toThrow(refused)
  await expect(server.value(`delete from audit_log`)).rejects.toThrow(refused)
  await expect(server.value(`truncate audit_log`)).rejects.toThrow(refused)
  // Whoever owns the table can do it past the triggers.
  const forge = (statement: string) =>
    server.value(`do $$ begin
      set local session_replication_role = replica;
      ${statement};
    end $$`)
  await forge(`update audit_log set actor_id = 1 where position = 2`)
  expect(await brokenAt(server.pool)).toBe(2)
  await forge(`delete from audit_log where position = 2`)
  expect(await brokenAt(server.pool)).toBe(3)
})
