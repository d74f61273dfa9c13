import type { Event, Role } from '@parley/contract'
import { same } from '../actions/attempt.ts'
import type { Log } from './logs.ts'

/** One time that somebody was in. */
export interface Stay {
  user_id: number
  joined_seq: number
  left_seq: number | null
  role: Role
}

const ids = (stays: readonly Stay[]): number[] =>
  stays.map(({ user_id }) => user_id).toSorted((a, b) => a - b)

/**
 * Who was in a chat or workspace, and when, by its log alone. Nobody joins twice, nobody goes who is
 * not in, each count is that of those who are in, and a deletion is the end.
 */
export function staysIn({ topic, events }: Log): Stay[] {
  const stays: Stay[] = []
  const present = () => stays.filter(({ left_seq }) => left_seq === null)
  const find = (user_id: number, event: Event): Stay => {
    const stay = present().find((one) => one.user_id === user_id)
    if (!stay) throw new Error(`${topic} ${event.seq} ${event.kind}: ${user_id} is not in`)
    return stay
  }
  for (const event of events) {
    if (event.kind === 'MemberJoined' || event.kind === 'WorkspaceMemberJoined') {
      for (const { id, role } of event.members) {
        same(
          [topic, event.seq, present().some(({ user_id }) => user_id === id)],
          [topic, event.seq, false],
        )
        stays.push({ user_id: id, joined_seq: event.seq, left_seq: null, role })
      }
    }
    if (event.kind === 'MemberLeft' || event.kind === 'WorkspaceMemberLeft') {
      for (const id of event.user_ids) find(id, event).left_seq = event.seq
    }
    if (event.kind === 'MemberUpdated' || event.kind === 'WorkspaceMemberUpdated') {
      find(event.user_id, event).role = event.role
    }
    if (event.kind === 'NewMessage') find(event.message.sender_id, event)
    if (event.kind === 'MessageUpdated') find(event.message.sender_id, event)
    if ('member_count' in event) {
      same([topic, event.seq, event.member_count], [topic, event.seq, present().length])
    }
    if ('users' in event && 'chat_id' in event) {
      same([topic, event.seq, event.users], [topic, event.seq, ids(present())])
    }
  }
  const end = events.findIndex(({ kind }) => kind === 'ChatDeleted' || kind === 'WorkspaceDeleted')
  if (end >= 0) same([topic, events.length], [topic, end + 1])
  return stays
}

/** Whether somebody may see what has this seq. */
export const isInside = (stays: readonly Stay[], userId: number, seq: number): boolean =>
  stays.some(
    (stay) =>
      stay.user_id === userId &&
      stay.joined_seq < seq &&
      (stay.left_seq === null || seq < stay.left_seq),
  )
