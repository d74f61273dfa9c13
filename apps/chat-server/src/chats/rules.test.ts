import {
  type Role,
  createChat,
  deleteChat,
  getChat,
  joinChat,
  leaveChat,
  listChatMembers,
  listChats,
  putChatMember,
  removeChatMember,
  updateChat,
  updateWorkspaceMember,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Person, query, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const no = '403 forbidden'
const fixed = '422 fixed_chat'

type Type = 'single' | 'group' | 'private_channel' | 'public_channel'
let names = 0

/**
 * A chat with its owner, an admin and two members; for channels also an admin of the workspace who is
 * a plain member of the channel.
 */
async function cast(type: Type) {
  const [owner, admin, member, other, workspaceAdmin, outsider] = [
    await server.person(),
    await server.person(),
    await server.person(),
    await server.person(),
    await server.person(),
    await server.person(),
  ]
  const founder = await server.person()
  const workspace = await server.workspace(
    founder,
    owner,
    admin,
    member,
    other,
    workspaceAdmin,
    outsider,
  )
  await founder.call(updateWorkspaceMember, {
    params: { id: workspace.id, user_id: workspaceAdmin.id },
    body: { role: 'admin' },
  })
  const user_ids = [admin.id, member.id, other.id, workspaceAdmin.id]
  const { id } = await owner.call(createChat, {
    body:
      type === 'single'
        ? { type, user_id: member.id }
        : type === 'group'
          ? { type, user_ids }
          : { type, name: `chat ${++names}`, user_ids },
  })
  if (type !== 'single') {
    await owner.call(putChatMember, {
      params: { id, user_id: admin.id },
      body: { role: 'admin' },
    })
  }
  return { id, owner, admin, member, other, workspaceAdmin, outsider, founder, workspace }
}

const rolesIn = async (person: Person, id: number) =>
  Object.fromEntries(
    (await person.call(listChatMembers, { params: { id }, query: {} })).members.map(
      ({ id, role }) => [id, role] as const,
    ),
  )

test.each([
  { type: 'group', owner: '200', admin: '200', member: '200', workspaceAdmin: '200' },
  { type: 'private_channel', owner: '200', admin: '200', member: no, workspaceAdmin: '200' },
  { type: 'public_channel', owner: '200', admin: '200', member: no, workspaceAdmin: '200' },
] as const)('who names and describes a $type', async ({ type, ...expected }) => {
  const people = await cast(type)
  const { id } = people
  for (const body of [{ name: 'Renamed' }, { description: 'about' }, { description: null }]) {
    const outcomes = {
      owner: await people.owner.outcome(updateChat, { params: { id }, body }),
      admin: await people.admin.outcome(updateChat, { params: { id }, body }),
      member: await people.member.outcome(updateChat, { params: { id }, body }),
      workspaceAdmin: await people.workspaceAdmin.outcome(updateChat, { params: { id }, body }),
    }
    expect(outcomes).toEqual(expected)
  }
  expect(await people.other.call(getChat, { params: { id } })).toMatchObject({
    name: 'Renamed',
    description: null,
  })
})

test('AZ-19: a single chat never becomes anything else', async () => {
  const { id, owner, member, other } = await cast('single')
  const params = { id }
  expect([
    await owner.outcome(updateChat, { params, body: { name: 'x' } }),
    await owner.outcome(updateChat, { params, body: { type: 'public_channel' } }),
    await owner.outcome(updateChat, { params, body: { history: 'since_join' } }),
    await owner.outcome(updateChat, { params, body: { add_user_ids: [other.id] } }),
    await owner.outcome(updateChat, { params, body: { remove_user_ids: [member.id] } }),
    await owner.outcome(putChatMember, { params: { id, user_id: other.id }, body: {} }),
    await owner.outcome(putChatMember, { params: { id, user_id: member.id }, body: {} }),
    await owner.outcome(removeChatMember, { params: { id, user_id: member.id } }),
    await owner.outcome(leaveChat, { params }),
    await owner.outcome(deleteChat, { params }),
  ]).toEqual(Array(10).fill(fixed))
  expect(
    await owner.call(updateChat, { params, body: { notification: 'mentions' } }),
  ).toMatchObject({ notification: 'mentions', users: [owner.id, member.id] })
  expect((await member.call(getChat, { params })).notification).toBe('all')
})

test('private and public channels are swapped by those who moderate them; a group stays one', async () => {
  const { id, admin, member, outsider } = await cast('private_channel')
  const params = { id }
  const swap = (person: Person, type: 'private_channel' | 'public_channel') =>
    person.outcome(updateChat, { params, body: { type } })
  expect(await swap(member, 'public_channel')).toBe(no)
  expect(await outsider.outcome(getChat, { params })).toBe('404 not_found')
  await admin.call(updateChat, { params, body: { history: 'since_join' } })
  expect(await swap(admin, 'public_channel')).toBe('200')
  expect(await outsider.call(getChat, { params })).toMatchObject({
    type: 'public_channel',
    // What anybody may read from its first line hides nothing from those who join.
    history: 'all',
  })
  expect(await admin.outcome(updateChat, { params, body: { history: 'since_join' } })).toBe(fixed)
  expect(await swap(admin, 'private_channel')).toBe('200')
  expect(await outsider.outcome(getChat, { params })).toBe('404 not_found')
  expect(await member.outcome(getChat, { params })).toBe('200')

  const group = await cast('group')
  for (const type of ['private_channel', 'public_channel'] as const) {
    const change = { params: { id: group.id }, body: { type } }
    expect(await group.owner.outcome(updateChat, change)).toBe(fixed)
  }
})

test('whoever makes a public channel private is in it: nobody shuts themselves out', async () => {
  const { id, owner, founder } = await cast('public_channel')
  const change = { params: { id }, body: { type: 'private_channel' } } as const
  expect(await founder.outcome(updateChat, change)).toBe('403 not_a_member')
  expect((await owner.call(getChat, { params: { id } })).type).toBe('public_channel')
  await founder.call(joinChat, { params: { id } })
  expect(await founder.outcome(updateChat, change)).toBe('200')
})

test('only the owner of a group changes what newcomers read of it', async () => {
  const { id, owner, admin, member } = await cast('group')
  const change = { params: { id }, body: { history: 'since_join' } } as const
  expect(await member.outcome(updateChat, change)).toBe(no)
  expect(await admin.outcome(updateChat, change)).toBe(no)
  expect(await owner.call(updateChat, change)).toMatchObject({ history: 'since_join' })
})

test('general stays public and cannot be deleted', async () => {
  const { founder, workspace, outsider } = await cast('group')
  const params = { id: workspace.general }
  expect(await founder.outcome(updateChat, { params, body: { type: 'private_channel' } })).toBe(
    fixed,
  )
  expect(await founder.outcome(deleteChat, { params })).toBe(fixed)
  expect(await founder.outcome(updateChat, { params, body: { description: 'all of us' } })).toBe(
    '200',
  )
  expect(await outsider.outcome(updateChat, { params, body: { name: 'mine' } })).toBe(no)
})

test('renaming a channel to a name that is taken is refused', async () => {
  const { id, owner } = await cast('public_channel')
  expect(await owner.outcome(updateChat, { params: { id }, body: { name: 'GENERAL' } })).toBe(
    '409 channel_name_taken',
  )
})

test('AZ-18: members bring others along, who must be of the workspace', async () => {
  const stranger = await server.person()
  await server.workspace(stranger)
  const disabled = await server.person()
  for (const type of ['group', 'private_channel', 'public_channel'] as const) {
    const { id, member, outsider, workspace } = await cast(type)
    await server.value(`select join_workspace($1, $2, 'member')`, workspace.id, disabled.id)
    await server.value(`update users set status = 'disabled' where id = $1`, disabled.id)
    const add = (ids: number[]) =>
      member.ask(updateChat, { params: { id }, body: { add_user_ids: ids } })
    const refused = [await add([stranger.id]), await add([disabled.id]), await add([2 ** 52])]
    const bodies = refused.map(({ body }) => JSON.stringify({ ...body, request_id: '' }))
    expect(refused[0]?.code).toBe('unknown_user')
    expect(new Set(bodies).size).toBe(1)
    expect((await add([outsider.id])).body.users).toContain(outsider.id)
    // Whoever is in already stays in.
    expect((await add([outsider.id])).status).toBe(200)
  }
})

test('a group that is full takes nobody more', async () => {
  const owner = await server.person()
  const many = await Promise.all(Array.from({ length: 51 }, () => server.person()))
  await server.workspace(owner, ...many)
  const ids = many.map(({ id }) => id)
  const { id } = await owner.call(createChat, {
    body: { type: 'group', user_ids: ids.slice(0, 48) },
  })
  const add = (add_user_ids: number[]) =>
    owner.outcome(updateChat, { params: { id }, body: { add_user_ids } })
  expect(await add(ids.slice(48))).toBe('422 group_too_large')
  const outcomes = await Promise.all(ids.slice(48).map((user_id) => add([user_id])))
  expect(outcomes.toSorted()).toEqual(['200', '422 group_too_large', '422 group_too_large'])
})

test('AZ-17: only whoever stands higher removes somebody', async () => {
  const roles: Role[] = ['owner', 'admin', 'member']
  for (const type of ['group', 'private_channel', 'public_channel'] as const) {
    const outcomes: Record<string, string> = {}
    const { id, owner, workspace } = await cast(type)
    const make = async (role: Role) => {
      const person = await server.person()
      await server.value(`select join_workspace($1, $2, 'member')`, workspace.id, person.id)
      await owner.call(putChatMember, { params: { id, user_id: person.id }, body: { role } })
      return person
    }
    for (const actor of roles) {
      for (const target of roles) {
        const [from, who] = [await make(actor), await make(target)]
        const remove = { params: { id }, body: { remove_user_ids: [who.id] } }
        outcomes[`${actor} removes ${target}`] = await from.outcome(updateChat, remove)
      }
    }
    expect(outcomes).toEqual({
      'owner removes owner': no,
      'owner removes admin': '200',
      'owner removes member': '200',
      'admin removes owner': no,
      'admin removes admin': no,
      'admin removes member': '200',
      'member removes owner': no,
      'member removes admin': no,
      'member removes member': no,
    })
  }
})

test('AZ-17: admins of the workspace stand above the owner of a channel who is none', async () => {
  const { id, owner, workspaceAdmin, founder } = await cast('private_channel')
  const remove = (by: Person, who: Person) =>
    by.outcome(removeChatMember, { params: { id, user_id: who.id } })
  expect(await remove(owner, workspaceAdmin)).toBe('204')
  // Who is not in a private channel does not see it, whatever their role in the workspace.
  expect(await remove(founder, owner)).toBe('404 not_found')
})

test('AZ-17: only owners make owners and admins, and the last owner stays one', async () => {
  const { id, owner, admin, member, other } = await cast('group')
  const put = (by: Person, who: Person, role?: Role) =>
    by.outcome(putChatMember, {
      params: { id, user_id: who.id },
      body: role === undefined ? {} : { role },
    })
  expect(await put(admin, member, 'admin')).toBe(no)
  expect(await put(admin, admin, 'owner')).toBe(no)
  expect(await put(member, member, 'admin')).toBe(no)
  // Nothing changes, so nothing is refused.
  expect(await put(member, other)).toBe('200')
  expect(await put(owner, owner, 'member')).toBe('409 last_owner')
  expect(await put(owner, member, 'owner')).toBe('200')
  expect(await put(owner, owner, 'member')).toBe('200')
  expect(await rolesIn(member, id)).toMatchObject({ [member.id]: 'owner', [owner.id]: 'member' })
})

test.each(['group', 'private_channel', 'public_channel'] as const)(
  'AZ-17: in a %s only owners change roles, whichever the roles are, their own too',
  async (type) => {
    const roles: Role[] = ['owner', 'admin', 'member']
    const { id, owner, workspace } = await cast(type)
    const put = (by: Person, who: Person, role: Role) =>
      by.outcome(putChatMember, { params: { id, user_id: who.id }, body: { role } })
    const make = async (role: Role) => {
      const person = await server.person()
      await server.value(`select join_workspace($1, $2, 'member')`, workspace.id, person.id)
      await owner.call(putChatMember, { params: { id, user_id: person.id }, body: { role } })
      return person
    }
    for (const actorRole of roles) {
      const actor = await make(actorRole)
      for (const from of roles) {
        for (const to of roles) {
          const outcome = await put(actor, await make(from), to)
          const expected = actorRole === 'owner' || from === to ? '200' : no
          expect(`${actorRole}: ${from} to ${to} ${outcome}`).toBe(
            `${actorRole}: ${from} to ${to} ${expected}`,
          )
        }
      }
      const promoted = await put(actor, actor, 'owner')
      expect(`${actorRole} ${promoted}`).toBe(`${actorRole} ${actorRole === 'owner' ? '200' : no}`)
    }
  },
)

test('the longest-standing admin follows the last owner, or else the longest-standing member', async () => {
  const { id, owner, admin, member, other, workspaceAdmin } = await cast('group')
  const params = { id }
  await owner.call(leaveChat, { params })
  expect((await rolesIn(member, id))[admin.id]).toBe('owner')
  await admin.call(leaveChat, { params })
  expect(await rolesIn(member, id)).toEqual({
    [member.id]: 'owner',
    [other.id]: 'member',
    [workspaceAdmin.id]: 'member',
  })
  for (const person of [member, other, workspaceAdmin]) await person.call(leaveChat, { params })
  expect(await server.value('select member_count from chats where id = $1', id)).toBe(0)
})

test('channels that one may join are browsed, joined and left', async () => {
  const { id, outsider, workspace } = await cast('public_channel')
  const browse = async () =>
    (
      await outsider.call(listChats, { query: { public: true, workspace_id: workspace.id } })
    ).chats.map(({ id, role }) => ({ id, role }))
  expect(await browse()).toEqual([
    { id: workspace.general, role: 'member' },
    { id, role: null },
  ])
  const joined = await outsider.call(joinChat, { params: { id } })
  expect(joined).toMatchObject({ role: 'member', member_count: 6, unread_count: 0 })
  expect(joined.read_seq).toBe(joined.last_seq)
  expect(await outsider.call(joinChat, { params: { id } })).toEqual(joined)
  expect(await browse()).toContainEqual({ id, role: 'member' })
  expect(await outsider.outcome(leaveChat, { params: { id } })).toBe('204')
  expect(await outsider.outcome(leaveChat, { params: { id } })).toBe('403 not_a_member')
  const kinds = await query<{ kind: string }>(
    server.pool,
    `select kind from event_log where topic_id = $1 and body->'chat'->>'id' = $2
       or topic_id = $1 and body->>'chat_id' = $2 order by seq`,
    outsider.id,
    String(id),
  )
  expect(kinds.map(({ kind }) => kind)).toEqual(['AddToChat', 'RemoveFromChat'])
})

test.each([
  { type: 'group', owner: '204', admin: no, member: no, workspaceAdmin: no },
  { type: 'private_channel', owner: '204', admin: no, member: no, workspaceAdmin: '204' },
  { type: 'public_channel', owner: '204', admin: no, member: no, workspaceAdmin: '204' },
] as const)('who deletes a $type', async ({ type, ...expected }) => {
  const outcomes: Record<string, string> = {}
  for (const who of ['member', 'admin', 'workspaceAdmin', 'owner'] as const) {
    const people = await cast(type)
    const params = { id: people.id }
    outcomes[who] = await people[who].outcome(deleteChat, { params })
    const then = outcomes[who] === '204' ? '404 not_found' : '200'
    expect(await people.other.outcome(getChat, { params })).toBe(then)
  }
  expect(outcomes).toEqual(expected)
})

test('whoever removes themselves from a private chat sees it for the last time, as it was', async () => {
  const { id, member } = await cast('private_channel')
  const body = { remove_user_ids: [member.id] }
  const last = await member.call(updateChat, { params: { id }, body })
  expect(last).toMatchObject({ id, member_count: 5 })
  expect(await member.outcome(getChat, { params: { id } })).toBe('404 not_found')
})
