import { acceptInvite, createInvite, revokeInvite } from '@parley/contract'
import fc from 'fast-check'
import { rank } from '../world/access.ts'
import { workspaceAs } from '../world/views.ts'
import type { Invite } from '../world/world.ts'
import { join } from '../world/workspaces.ts'
import { which } from './arbitraries.ts'
import { type Action, attempt, pick, same } from './attempt.ts'
import { called } from './names.ts'

export const isLive = ({ revoked, maxUses, uses }: Invite): boolean =>
  !revoked && (maxUses === null || uses < maxUses)

const make = (n: number, role: Invite['role'], maxUses: number | null): Action => ({
  plan(world, by) {
    const workspace = pick(world.workspaces, n)
    if (!workspace) return undefined
    const params = { id: workspace.id }
    const body = { role, max_uses: maxUses }
    return attempt(
      `makes an invite of a ${role} to ${called(world, workspace)}`,
      ({ client }) => client.request(createInvite, { params, body }),
      () => {
        const mine = workspace.members.get(by)
        if (mine === undefined || workspace.deleted) return 'not_found'
        if (mine === 'member' || (role === 'admin' && mine !== 'owner')) return 'forbidden'
        const invite: Invite = {
          code: '',
          workspace,
          role,
          maxUses,
          uses: 0,
          revoked: false,
          createdBy: by,
        }
        world.invites.push(invite)
        return { status: 201, shows: ({ code }) => void (invite.code = code) }
      },
    )
  },
})

const accept = (n: number): Action => ({
  plan(world, by) {
    const invite = pick(world.invites, n)
    if (!invite) return undefined
    const { workspace } = invite
    return attempt(
      `accepts an invite to ${called(world, workspace)}`,
      ({ client }) => client.request(acceptInvite, { params: { code: invite.code } }),
      () => {
        if (workspace.deleted) return 'not_found'
        if (!workspace.members.has(by)) {
          if (!isLive(invite)) return 'invite_gone'
          invite.uses++
          join(world, workspace, by, invite.role)
        }
        return { status: 200, shows: (answer) => same(answer, workspaceAs(by, workspace)) }
      },
    )
  },
})

const revoke = (n: number): Action => ({
  plan(world, by) {
    const invite = pick(world.invites, n)
    if (!invite) return undefined
    const { workspace, code } = invite
    return attempt(
      `revokes an invite to ${called(world, workspace)}`,
      ({ client }) => client.request(revokeInvite, { params: { id: workspace.id, code } }),
      () => {
        const mine = workspace.members.get(by)
        if (mine === undefined || workspace.deleted) return 'not_found'
        if (rank(mine) < rank('admin')) return 'forbidden'
        if (invite.revoked) return 'not_found'
        invite.revoked = true
        return { status: 204 }
      },
    )
  },
})

export const invitings: fc.Arbitrary<Action> = fc
  .tuple(which, fc.constantFrom('admin', 'member'), fc.constantFrom(null, 1))
  .map(([n, role, maxUses]) => make(n, role, maxUses))
export const acceptances: fc.Arbitrary<Action> = which.map(accept)
export const revocations: fc.Arbitrary<Action> = which.map(revoke)
