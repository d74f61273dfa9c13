import {
  type Role,
  createInvite,
  deleteWorkspace,
  listInvites,
  removeWorkspaceMember,
  updateWorkspace,
  updateWorkspaceMember,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Person, startChatServer } from '../fixtures/chat-server.ts'

const server = await startChatServer()
afterAll(() => server.stop())

const roles = ['owner', 'admin', 'member'] as const

/** A workspace with two people of each role. */
async function cast() {
  const founder = await server.person()
  const { id } = await server.workspace(founder)
  const make = async (role: Role): Promise<Person> => {
    const person = await server.person()
    await server.value(`select join_workspace($1, $2, $3)`, id, person.id, role)
    return person
  }
  return { id, make }
}

const ok = '200'
const gone = '204'
const no = '403 forbidden'

test.each([
  { does: 'renames the workspace', owner: ok, admin: ok, member: no },
  { does: 'invites members', owner: '201', admin: '201', member: no },
  { does: 'invites admins', owner: '201', admin: no, member: no },
  { does: 'lists the invites', owner: ok, admin: ok, member: no },
  { does: 'deletes the workspace', owner: gone, admin: no, member: no },
])(
  'AZ-17: who $does: owner $owner, admin $admin, member $member',
  async ({ does, ...expected }) => {
    const outcomes: Partial<Record<Role, string>> = {}
    for (const role of roles) {
      const { id, make } = await cast()
      const actor = await make(role)
      const params = { id }
      outcomes[role] =
        does === 'renames the workspace'
          ? await actor.outcome(updateWorkspace, { params, body: { name: `renamed by ${id}` } })
          : does === 'deletes the workspace'
            ? await actor.outcome(deleteWorkspace, { params })
            : does === 'lists the invites'
              ? await actor.outcome(listInvites, { params })
              : await actor.outcome(createInvite, {
                  params,
                  body: { role: does === 'invites admins' ? 'admin' : 'member' },
                })
    }
    expect(outcomes).toEqual(expected)
  },
)

test('AZ-17: only whoever stands higher removes somebody; everybody may go', async () => {
  const { id, make } = await cast()
  const outcomes: Record<string, string> = {}
  for (const actorRole of roles) {
    for (const targetRole of roles) {
      const [actor, target] = [await make(actorRole), await make(targetRole)]
      const remove = (user_id: number) =>
        actor.outcome(removeWorkspaceMember, { params: { id, user_id } })
      outcomes[`${actorRole} removes ${targetRole}`] = await remove(target.id)
      outcomes[`${actorRole} leaves`] = await remove(actor.id)
    }
  }
  expect(outcomes).toEqual({
    'owner removes owner': no,
    'owner removes admin': gone,
    'owner removes member': gone,
    'owner leaves': gone,
    'admin removes owner': no,
    'admin removes admin': no,
    'admin removes member': gone,
    'admin leaves': gone,
    'member removes owner': no,
    'member removes admin': no,
    'member removes member': no,
    'member leaves': gone,
  })
})

test('AZ-17: only owners change roles, whichever the roles are', async () => {
  const { id, make } = await cast()
  for (const actorRole of roles) {
    const actor = await make(actorRole)
    for (const from of roles) {
      for (const role of roles) {
        const target = await make(from)
        const params = { id, user_id: target.id }
        const outcome = await actor.outcome(updateWorkspaceMember, { params, body: { role } })
        expect(`${actorRole}: ${outcome}`).toBe(`${actorRole}: ${actorRole === 'owner' ? ok : no}`)
      }
    }
    const own = await actor.outcome(updateWorkspaceMember, {
      params: { id, user_id: actor.id },
      body: { role: 'owner' },
    })
    expect(own).toBe(actorRole === 'owner' ? ok : no)
  }
})

test('AZ-17: the last owner neither leaves nor steps down, also when two do so at once', async () => {
  const [anna, bob] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna, bob)
  const stepDown = (person: Person) =>
    person.outcome(updateWorkspaceMember, {
      params: { id, user_id: person.id },
      body: { role: 'member' },
    })
  const leave = (person: Person) =>
    person.outcome(removeWorkspaceMember, { params: { id, user_id: person.id } })
  expect(await stepDown(anna)).toBe('409 last_owner')
  expect(await leave(anna)).toBe('409 last_owner')
  await anna.call(updateWorkspaceMember, {
    params: { id, user_id: bob.id },
    body: { role: 'owner' },
  })
  const both = await Promise.all([leave(anna), leave(bob)])
  expect(both.toSorted()).toEqual(['204', '409 last_owner'])
})

test('AZ-17: a member of another workspace is not there, whoever asks', async () => {
  const [anna, stranger] = [await server.person(), await server.person()]
  const { id } = await server.workspace(anna)
  const other = await server.workspace(stranger)
  const params = { id, user_id: stranger.id }
  expect(await anna.outcome(removeWorkspaceMember, { params })).toBe('404 not_found')
  expect(await anna.outcome(updateWorkspaceMember, { params, body: { role: 'admin' } })).toBe(
    '404 not_found',
  )
  const foreign = { id: other.id, user_id: stranger.id }
  expect(await anna.outcome(removeWorkspaceMember, { params: foreign })).toBe('404 not_found')
})
