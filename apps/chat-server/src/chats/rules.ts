import type { VisibleChat } from '@parley/core/access/authorize'
import { moderates, rankIn } from '@parley/core/access/rank'
import type { Config } from '@parley/core/config/load'
import type { Db } from '@parley/core/db/connection'
import { refuse } from '@parley/core/http/problem'
import { acquainted, findMembers, inWorkspace, memberCount } from './people.ts'

/** What a channel's name is refused with that its workspace has already. */
export const nameTaken = { chats_channel_name: 'channel_name_taken' } as const

/** A group is its members' together; a channel is its moderators' to change. */
export function mayDescribe(chat: VisibleChat): void {
  if (chat.type === 'single') refuse('fixed_chat')
  if (chat.type !== 'group' && !moderates(chat)) refuse('forbidden')
}

/** Any member brings others along; a public channel's moderators do so without being in it. */
export async function mayAdd(
  db: Db,
  config: Config,
  userId: number,
  chat: VisibleChat,
  userIds: number[],
): Promise<void> {
  if (chat.type === 'single') refuse('fixed_chat')
  if (chat.role === null && !moderates(chat)) refuse('not_a_member')
  const already = new Set((await findMembers(db, chat.id, userIds)).map(({ id }) => id))
  const fresh = userIds.filter((id) => !already.has(id))
  const known =
    chat.workspace_id === null
      ? await acquainted(db, userId, fresh)
      : await inWorkspace(db, chat.workspace_id, fresh)
  if (known !== fresh.length) refuse('unknown_user')
  if (chat.type !== 'group' || fresh.length === 0) return
  if ((await memberCount(db, chat.id)) + fresh.length > config.groupMaxMembers) {
    refuse('group_too_large')
  }
}

/** Anybody may go; others are removed only by whoever stands higher. */
export async function mayRemove(
  db: Db,
  userId: number,
  chat: VisibleChat,
  userIds: number[],
): Promise<void> {
  if (chat.type === 'single') refuse('fixed_chat')
  const others = (await findMembers(db, chat.id, userIds)).filter(({ id }) => id !== userId)
  if (others.some((member) => rankIn(member) >= rankIn(chat))) refuse('forbidden')
}
