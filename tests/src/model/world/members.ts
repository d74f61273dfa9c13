import type { Role } from '@parley/contract'
import { rank, rankIn } from './access.ts'
import { append, close, nextSeq, open } from './topic.ts'
import { type Chat, type Person, byId } from './world.ts'

/** All who join at once join at the same seq; those who are in stay as they are. */
export function enter(
  chat: Chat,
  people: readonly Person[],
  actor: Person | undefined,
  roleOf: (person: Person) => Role = () => 'member',
): void {
  const fresh = people.filter((person) => !chat.members.has(person)).toSorted(byId)
  if (fresh.length === 0) return
  const joined = nextSeq(chat)
  append(chat, 'MemberJoined', actor)
  for (const person of fresh) {
    open(chat, person, joined)
    const role = roleOf(person)
    chat.members.set(person, { role, notification: 'all', joined, read: joined })
    append(person, joined === 1 ? 'NewChat' : 'AddToChat', actor)
  }
}

/** All who go at once go at the same seq. Where no owner is left, somebody follows. */
export function exit(chat: Chat, people: readonly Person[], actor: Person | undefined): void {
  const gone = people.filter((person) => chat.members.has(person)).toSorted(byId)
  if (gone.length === 0) return
  const left = append(chat, 'MemberLeft', actor)
  for (const person of gone) {
    close(chat, person, left)
    chat.members.delete(person)
    append(person, 'RemoveFromChat', actor)
  }
  follow(chat, actor)
}

/** The longest-standing admin, or else the longest-standing member. */
function follow(chat: Chat, actor: Person | undefined): void {
  const standing = [...chat.members].toSorted(
    ([a, x], [b, y]) => rank(y.role) - rank(x.role) || x.joined - y.joined || a.id - b.id,
  )
  const [heir] = standing
  if (heir && heir[1].role !== 'owner') setRole(chat, heir[0], 'owner', actor)
}

export function setRole(chat: Chat, person: Person, role: Role, actor: Person | undefined): void {
  const member = chat.members.get(person)
  if (!member || member.role === role) return
  member.role = role
  append(chat, 'MemberUpdated', actor)
}

export const isLastOwner = (chat: Chat, person: Person): boolean =>
  chat.members.get(person)?.role === 'owner' &&
  ![...chat.members].some(([other, { role }]) => other !== person && role === 'owner')

/** Everybody may go; others, even who come by the same call, are removed by whoever stands higher. */
export const mayRemove = (
  actor: Person,
  chat: Chat,
  people: readonly Person[],
  joining: readonly Person[] = [],
): boolean =>
  people.every((person) => {
    const isIn = chat.members.has(person) || joining.includes(person)
    const standing = Math.max(rank('member'), rankIn(person, chat))
    return person === actor || !isIn || standing < rankIn(actor, chat)
  })
