import {
  createWorkspace,
  deleteWorkspace,
  joinWorkspace,
  removeWorkspaceMember,
  type Role,
  updateWorkspace,
  updateWorkspaceMember,
} from '@parley/contract'
import fc from 'fast-check'
import { rank } from '../world/access.ts'
import { append } from '../world/topic.ts'
import { userOf, workspaceAs } from '../world/views.ts'
import { found, isLastOwner, join, leave, remove, setRole } from '../world/workspaces.ts'
import type { Person, Workspace, World } from '../world/world.ts'
import { maybe, role, which, who } from './arbitraries.ts'
import { type Action, attempt, pick, same } from './attempt.ts'
import { called } from './names.ts'

type Policy = Workspace['joinPolicy']

const roleOf = ({ members, deleted }: Workspace, person: Person): Role | undefined =>
  deleted ? undefined : members.get(person)

const isTaken = ({ workspaces }: World, name: string, but?: Workspace): boolean =>
  workspaces.some(
    (one) => one !== but && !one.deleted && one.name.toLowerCase() === name.toLowerCase(),
  )

export const founding = (n: number, policy: Policy): Action => ({
  plan(world, by) {
    const name = `Workspace ${world.tag} ${n}`
    return attempt(
      `founds "${name}"`,
      ({ client }) => client.request(createWorkspace, { body: { name, join_policy: policy } }),
      () => {
        if (isTaken(world, name)) return 'workspace_name_taken'
        const { workspace, general } = found(world, by, name, policy)
        return {
          status: 201,
          async shows(answer, client) {
            workspace.id = answer.id
            workspace.createdAt = answer.created_at
            same(answer, workspaceAs(by, workspace))
            const { chats } = await client.listChats({ query: { workspace_id: answer.id } })
            same(chats.length, 1)
            Object.assign(general, { id: chats[0]?.id, createdAt: chats[0]?.created_at })
          },
        }
      },
    )
  },
})

const update = (n: number, name: number | undefined, policy: Policy | undefined): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    if (!workspace) return undefined
    const body = {
      ...(name !== undefined && { name: `workspace ${world.tag} ${name}` }),
      ...(policy && { join_policy: policy }),
    }
    return attempt(
      `changes ${called(world, workspace)} by ${JSON.stringify(body)}`,
      ({ client }) => client.request(updateWorkspace, { params: { id: workspace.id }, body }),
      () => {
        const mine = roleOf(workspace, by)
        if (mine === undefined) return 'not_found'
        if (rank(mine) < rank('admin')) return 'forbidden'
        const before = [workspace.name, workspace.joinPolicy].join()
        const next = {
          name: body.name ?? workspace.name,
          joinPolicy: policy ?? workspace.joinPolicy,
        }
        if (isTaken(world, next.name, workspace)) return 'workspace_name_taken'
        Object.assign(workspace, next)
        if (before !== [next.name, next.joinPolicy].join())
          append(workspace, 'WorkspaceUpdated', by)
        return { status: 200, shows: (answer) => same(answer, workspaceAs(by, workspace)) }
      },
    )
  },
})

export const joining = (n: number): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    if (!workspace) return undefined
    return attempt(
      `joins ${called(world, workspace)}`,
      ({ client }) => client.request(joinWorkspace, { params: { id: workspace.id } }),
      () => {
        if (workspace.deleted) return 'not_found'
        if (!workspace.members.has(by) && workspace.joinPolicy !== 'open') return 'not_found'
        join(world, workspace, by, 'member')
        return { status: 200, shows: (answer) => same(answer, workspaceAs(by, workspace)) }
      },
    )
  },
})

const promote = (n: number, whom: number, role: Role): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    const person = pick(world.people, whom)
    if (!workspace || !person) return undefined
    const params = { id: workspace.id, user_id: person.id }
    return attempt(
      `makes ${person.name} ${role} of ${called(world, workspace)}`,
      ({ client }) => client.request(updateWorkspaceMember, { params, body: { role } }),
      () => {
        const mine = roleOf(workspace, by)
        if (mine === undefined || !workspace.members.has(person)) return 'not_found'
        if (mine !== 'owner') return 'forbidden'
        if (role !== 'owner' && isLastOwner(workspace, person)) return 'last_owner'
        setRole(workspace, person, role, by)
        return { status: 200, shows: (answer) => same(answer, { ...userOf(person), role }) }
      },
    )
  },
})

const expel = (n: number, whom: number): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    const person = pick(world.people, whom)
    if (!workspace || !person) return undefined
    const params = { id: workspace.id, user_id: person.id }
    return attempt(
      `removes ${person.name} from ${called(world, workspace)}`,
      ({ client }) => client.request(removeWorkspaceMember, { params }),
      () => {
        const mine = roleOf(workspace, by)
        const theirs = workspace.members.get(person)
        if (mine === undefined || theirs === undefined) return 'not_found'
        if (person !== by && rank(theirs) >= rank(mine)) return 'forbidden'
        if (person === by && isLastOwner(workspace, by)) return 'last_owner'
        leave(world, workspace, person, by)
        return { status: 204 }
      },
    )
  },
})

const destroy = (n: number): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    if (!workspace) return undefined
    return attempt(
      `deletes ${called(world, workspace)}`,
      ({ client }) => client.request(deleteWorkspace, { params: { id: workspace.id } }),
      () => {
        const mine = roleOf(workspace, by)
        if (mine === undefined) return 'not_found'
        if (mine !== 'owner') return 'forbidden'
        remove(world, workspace, by)
        return { status: 204 }
      },
    )
  },
})

const policy = fc.constantFrom('invite', 'open')
const name = fc.nat({ max: 3 })

export const foundings: fc.Arbitrary<Action> = fc
  .tuple(name, policy)
  .map(([n, policy]) => founding(n, policy))
export const workspaceChanges: fc.Arbitrary<Action> = fc
  .tuple(which, maybe(name), maybe(policy))
  .map(([n, name, policy]) => update(n, name, policy))
export const workspaceJoins: fc.Arbitrary<Action> = which.map(joining)
export const workspaceRoles: fc.Arbitrary<Action> = fc
  .tuple(which, who, role)
  .map(([n, whom, role]) => promote(n, whom, role))
export const workspaceRemovals: fc.Arbitrary<Action> = fc
  .tuple(which, who)
  .map(([n, whom]) => expel(n, whom))
export const workspaceEnds: fc.Arbitrary<Action> = which.map(destroy)
