import type { Invite } from '@parley/contract'
import { client } from '../app/client.ts'

export const linkOf = ({ code }: Pick<Invite, 'code'>): string => `${location.origin}/i/${code}`

/** An invite that anybody may use as often as they like, and that ends by itself only. */
const isLasting = ({ role, max_uses, expires_at }: Invite): boolean =>
  role === 'member' &&
  max_uses === null &&
  (expires_at === null || Date.parse(expires_at) - Date.now() > 24 * 3600 * 1000)

const asked = new Map<number, Promise<Invite>>()

async function findOrMake(workspace: number): Promise<Invite> {
  const params = { id: workspace }
  const { invites } = await client.listInvites({ params })
  return invites.find(isLasting) ?? client.createInvite({ params, body: {} })
}

/** The link that invites people to a workspace: the one there is, or a new one. */
export async function inviteTo(workspace: number): Promise<Invite> {
  const running = asked.get(workspace) ?? findOrMake(workspace)
  asked.set(workspace, running)
  try {
    return await running
  } finally {
    // Next time it may have been revoked.
    asked.delete(workspace)
  }
}
