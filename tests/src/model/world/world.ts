import type { ChatType, JoinPolicy, Notification, Role } from '@parley/contract'
import type { Static } from 'typebox'
import type { Topic } from './topic.ts'

/** What the promises say there is, after all that was done; ids and times are the servers'. */
export interface World {
  people: Person[]
  workspaces: Workspace[]
  chats: Chat[]
  messages: Message[]
  invites: Invite[]
  /** How many texts were written: each is one of its own. */
  texts: number
  /** What names begin and end with, so that no two sequences share one. */
  tag: string
}

export interface Person extends Topic {
  kind: 'user'
  /** How reports call them, whatever their username is by now. */
  name: string
  username: string
  /** Off the net: what happens reaches them later. */
  away: boolean
}

export interface Workspace extends Topic {
  kind: 'workspace'
  name: string
  joinPolicy: Static<typeof JoinPolicy>
  members: Map<Person, Role>
  deleted: boolean
  createdAt: string
}

export interface Chat extends Topic {
  kind: 'chat'
  type: ChatType
  workspace: Workspace | undefined
  name: string | null
  description: string | null
  history: 'all' | 'since_join'
  isGeneral: boolean
  members: Map<Person, ChatMember>
  createdBy: Person
  createdAt: string
  deleted: boolean
}

interface ChatMember {
  role: Role
  notification: Notification
  joined: number
  read: number
}

export interface Message {
  id: number
  chat: Chat
  seq: number
  sender: Person
  content: string
  nonce: string | null
  replyTo: Message | undefined
  mentions: Person[]
  edited: boolean
  deleted: boolean
  createdAt: string
}

export interface Invite {
  code: string
  workspace: Workspace
  role: 'admin' | 'member'
  maxUses: number | null
  uses: number
  revoked: boolean
  createdBy: Person
}

export const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id

export const newPerson = (name: string, id: number, username: string): Person => ({
  kind: 'user',
  id,
  log: [],
  intervals: [],
  name,
  username,
  away: false,
})

export const messagesIn = ({ messages }: World, chat: Chat): Message[] =>
  messages.filter((message) => message.chat === chat)
