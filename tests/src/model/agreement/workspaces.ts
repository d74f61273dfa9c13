import { getWorkspace, listInvites, listWorkspaceMembers, previewInvite } from '@parley/contract'
import type { Client } from '@parley/sdk'
import { isLive } from '../actions/invites.ts'
import { same } from '../actions/attempt.ts'
import { rank } from '../world/access.ts'
import { userOf, workspaceAs } from '../world/views.ts'
import { type Invite, type Person, type Workspace, type World, byId } from '../world/world.ts'
import { answerOf, expectPages } from './answers.ts'

/** One workspace as somebody sees it: itself, its members and its invites. */
export async function expectWorkspace(
  client: Client,
  world: World,
  person: Person,
  workspace: Workspace,
): Promise<void> {
  const params = { id: workspace.id }
  const found = await answerOf(client.request(getWorkspace, { params }))
  if (workspace.deleted || !workspace.members.has(person)) {
    same(found, 'not_found')
    return
  }
  same(found, workspaceAs(person, workspace))
  await expectPages(
    async (after) => {
      const query = { after, limit: 3 }
      const { members, has_more } = await client.call(listWorkspaceMembers, { params, query })
      return { items: members, has_more }
    },
    [...workspace.members].map(([member, role]) => ({ ...userOf(member), role })).toSorted(byId),
  )
  const live = world.invites.filter((invite) => invite.workspace === workspace && isLive(invite))
  const listed = await answerOf(client.request(listInvites, { params }))
  const mine = rank(workspace.members.get(person))
  same(
    typeof listed === 'string' ? listed : listed.invites.map(({ code, uses }) => ({ code, uses })),
    mine < rank('admin')
      ? 'forbidden'
      : live.map(({ code, uses }) => ({ code, uses })).toReversed(),
  )
}

export async function expectInvite(client: Client, invite: Invite): Promise<void> {
  const { id, name, members, deleted } = invite.workspace
  const preview = await answerOf(client.request(previewInvite, { params: { code: invite.code } }))
  const shown = { workspace: { id, name, member_count: members.size } }
  same(preview, deleted ? 'not_found' : isLive(invite) ? shown : 'invite_gone')
}
