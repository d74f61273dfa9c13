import type * as contract from '@parley/contract'
import { reads, sees } from './access.ts'
import { nameOf } from './topic.ts'
import {
  type Chat,
  type Message,
  type Person,
  type Workspace,
  type World,
  byId,
  messagesIn,
} from './world.ts'

const idsOf = (people: Iterable<Person>): number[] =>
  Array.from(people, ({ id }) => id).toSorted((a, b) => a - b)

export const userOf = ({ id, username }: Person): contract.User => ({
  id,
  username,
  avatar_id: null,
})

/** A chat as somebody sees it. Own messages never count as unread, nor do deleted ones. */
export function chatAs(world: World, person: Person, chat: Chat): contract.Chat {
  const member = chat.members.get(person)
  const unread = messagesIn(world, chat).filter(
    ({ seq, sender, deleted }) => member && seq > member.read && sender !== person && !deleted,
  )
  return {
    id: chat.id,
    type: chat.type,
    workspace_id: chat.workspace?.id ?? null,
    name: chat.name,
    description: chat.description,
    history: chat.history,
    is_general: chat.isGeneral,
    users: idsOf(chat.members.keys()),
    member_count: chat.members.size,
    role: member?.role ?? null,
    notification: member?.notification ?? null,
    last_seq: chat.log.length,
    read_seq: member?.read ?? null,
    unread_count: unread.length,
    mention_count: unread.filter(({ mentions }) => mentions.includes(person)).length,
    created_by: chat.createdBy.id,
    created_at: chat.createdAt,
  }
}

export const workspaceAs = (person: Person, workspace: Workspace): contract.Workspace => ({
  id: workspace.id,
  name: workspace.name,
  join_policy: workspace.joinPolicy,
  member_count: workspace.members.size,
  role: workspace.members.get(person) ?? 'member',
  created_at: workspace.createdAt,
  icon_id: null,
})

/** A message, with when it was changed as whether it was. */
export const messageOf = (message: Message) => ({
  id: message.id,
  chat_id: message.chat.id,
  seq: message.seq,
  sender_id: message.sender.id,
  content: message.content,
  files: [],
  nonce: message.nonce,
  reply_to: message.replyTo?.id ?? null,
  mentions: idsOf(message.mentions),
  reactions: [],
  edited_at: message.edited,
  deleted_at: message.deleted,
  created_at: message.createdAt,
})

/** An answer in the form of `messageOf`. */
export const timeless = (message: contract.Message) => ({
  ...message,
  edited_at: message.edited_at !== null,
  deleted_at: message.deleted_at !== null,
})

export const chatsOf = ({ chats }: World, person: Person): Chat[] =>
  chats.filter((chat) => !chat.deleted && chat.members.has(person)).toSorted(byId)

export const channelsOf = ({ chats }: World, person: Person): Chat[] =>
  chats
    .filter(
      (chat) =>
        chat.type === 'public_channel' && sees(person, chat) && chat.workspace?.members.has(person),
    )
    .toSorted(byId)

export const workspacesOf = ({ workspaces }: World, person: Person): Workspace[] =>
  workspaces.filter(({ members, deleted }) => !deleted && members.has(person)).toSorted(byId)

export const readable = (world: World, person: Person, chat: Chat): Message[] =>
  messagesIn(world, chat).filter((message) => reads(person, message))

/** What a bootstrap shows, but for the cursor and what only the person knows. */
export function bootstrapOf(world: World, person: Person) {
  const workspaces = workspacesOf(world, person)
  const chats = chatsOf(world, person)
  const near = new Set([person, ...chats.flatMap(({ members }) => [...members.keys()])])
  return {
    workspaces: workspaces.map((workspace) => workspaceAs(person, workspace)),
    chats: chats.map((chat) => chatAs(world, person, chat)),
    users: [...near].toSorted(byId).map(userOf),
    topics: [person, ...workspaces, ...chats].toSorted(byId).map((topic) => ({
      topic: nameOf(topic),
      last_seq: topic.log.length,
    })),
  }
}

/** People who share a workspace or a chat, and oneself. */
export const knownTo = (world: World, person: Person): Person[] =>
  world.people.filter(
    (other) =>
      other === person ||
      workspacesOf(world, person).some(({ members }) => members.has(other)) ||
      chatsOf(world, person).some(({ members }) => members.has(other)),
  )
