import {
  type FullAuditEntry,
  createChat,
  createWorkspace,
  deleteChat,
  listAudit,
  listWorkspaceAudit,
  removeChatMember,
  updateWorkspaceMember,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { administrator } from '../fixtures/administrator.ts'
import { startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const admin = await administrator(server)

type Filter = { action?: string; actor_id?: number; workspace_id?: number }

async function all(filter: Filter): Promise<FullAuditEntry[]> {
  const entries: FullAuditEntry[] = []
  for (;;) {
    const before = entries.at(-1)?.position
    const query = { ...filter, limit: 2, ...(before !== undefined && { before }) }
    const page = await admin.call(listAudit, { query })
    entries.push(...page.entries)
    if (!page.has_more) return entries
  }
}

test('an administrator reads all of the audit log, the newest first, with where it came from', async () => {
  const anna = await server.person()
  const { id, name } = await anna.call(createWorkspace, { body: { name: 'Acme' } })
  const entries = await all({})
  const count = Number(await server.value('select count(*) from audit_log'))
  expect(entries.map(({ position }) => position)).toEqual(
    Array.from({ length: count }, (_, at) => count - at),
  )
  const [last] = (await admin.call(listAudit, { query: { workspace_id: id } })).entries
  expect(last).toMatchObject({ actor_id: anna.id, workspace_id: id, network: '127.0.0.0' })
  expect(last?.request_id).not.toBe('')
  const page = await admin.call(listAudit, { query: { workspace_id: id, limit: 1 } })
  expect(page.workspaces).toEqual([{ id, name }])
  expect(page.users).toContainEqual({ id: anna.id, username: anna.username, avatar_id: null })
})

test('the audit log is searched by action, by all of a kind, by actor and by workspace', async () => {
  const [anna, ben] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna, ben)
  const params = { id, user_id: ben.id }
  await anna.call(updateWorkspaceMember, { params, body: { role: 'admin' } })
  const role = 'workspace_member.role_changed'
  const mine = await all({ action: role, actor_id: anna.id })
  expect(mine).toMatchObject([
    { action: role, actor_id: anna.id, target_id: ben.id, detail: { role: 'admin' } },
  ])
  const kinds = new Set((await all({ action: 'workspace_member' })).map(({ action }) => action))
  expect(kinds).toContain(role)
  expect([...kinds].every((action) => action.startsWith('workspace_member.'))).toBe(true)
  expect(await all({ action: 'workspace_memb' })).toEqual([])
  const here = await all({ workspace_id: id })
  expect(here.length).toBeGreaterThan(1)
  expect(here.every(({ workspace_id }) => workspace_id === id)).toBe(true)
})

test('owners read the audit log of their workspace, without where others came from', async () => {
  const [anna, ben, carl] = [await server.person(), await server.person(), await server.person()]
  const { id } = await server.workspace(anna, ben)
  const other = await server.workspace(carl)
  const params = { id }
  const { entries, users } = await anna.call(listWorkspaceAudit, { params, query: {} })
  expect(entries.length).toBeGreaterThan(0)
  expect(entries.every(({ workspace_id }) => workspace_id === id)).toBe(true)
  for (const hidden of ['network', 'session_id', 'request_id'])
    expect(entries.every((entry) => !(hidden in entry))).toBe(true)
  expect(users.map((user) => user.id)).not.toContain(carl.id)
  expect(await ben.outcome(listWorkspaceAudit, { params, query: {} })).toBe('403 forbidden')
  await server.value(
    `update workspace_members set role = 'admin' where user_id = $1 and workspace_id = $2`,
    ben.id,
    id,
  )
  expect(await ben.outcome(listWorkspaceAudit, { params, query: {} })).toBe('403 forbidden')
  const foreign = { params: { id: other.id }, query: {} }
  expect(await anna.outcome(listWorkspaceAudit, foreign)).toBe('404 not_found')
  // It is no right in a workspace to administer the instance.
  expect(await admin.outcome(listWorkspaceAudit, foreign)).toBe('404 not_found')
})

test('AZ-02: an owner reads nothing there of private channels that they are not in', async () => {
  const [anna, ben, carl] = [await server.person(), await server.person(), await server.person()]
  const { id } = await server.workspace(anna, ben, carl)
  const open = async (user_ids: number[]) =>
    ben.call(createChat, {
      body: { type: 'private_channel', name: `c${user_ids.length}`, workspace_id: id, user_ids },
    })
  const [hidden, shared] = [await open([carl.id]), await open([carl.id, anna.id])]
  for (const chat of [hidden, shared]) {
    await ben.call(removeChatMember, { params: { id: chat.id, user_id: carl.id } })
  }
  await ben.call(deleteChat, { params: { id: hidden.id } })
  const named = async (chat: number) =>
    (await anna.call(listWorkspaceAudit, { params: { id }, query: {} })).entries.filter(
      ({ target_kind, target_id, detail }) =>
        (target_kind === 'chat' && target_id === chat) || detail.chat_id === chat,
    ).length
  expect(await named(shared.id)).toBeGreaterThan(0)
  expect(await named(hidden.id)).toBe(0)
  const everything = await all({ workspace_id: id })
  expect(everything.some(({ target_id }) => target_id === hidden.id)).toBe(true)
})
