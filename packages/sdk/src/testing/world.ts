import type { Bootstrap, Chat, Event, Member, Message, User } from '@parley/contract'

/** An event as it was sent at once, and as a later replay shows it: deletions erase texts from it. */
export interface Logged {
  live: Event
  replayed: Event
}

interface Room {
  id: number
  workspace: boolean
  name: string
  members: Set<number>
  messages: Message[]
  read: number
  notification: 'all' | 'mentions' | 'none'
  role: 'owner' | 'admin' | 'member'
  seq: number
  deleted: boolean
}

type Body = Record<string, unknown>

export const me = 1
const others = [2, 3, 4, 5]
const workspaceId = 100

/** What the triggers and views of the database do, for one reader: the reducers' other opinion. */
export function createWorld() {
  const names = new Map([me, ...others].map((id) => [id, `user${id}`]))
  const pictures = new Map<number, number>()
  const seqs = new Map<string, number>()
  const rooms = new Map<number, Room>()
  const company = {
    in: true,
    name: 'Company',
    icon: null as number | null,
    members: 5,
    admin: false,
    role: 'member' as const,
  }
  const log: Logged[] = []
  let clock = 0
  let ids = 1000

  const now = () => new Date(Date.UTC(2030, 0, 1) + clock++).toISOString()
  const user = (id: number): User => ({
    id,
    username: names.get(id) ?? '',
    avatar_id: pictures.get(id) ?? null,
  })
  const next = (topic: string) => {
    const seq = (seqs.get(topic) ?? 0) + 1
    seqs.set(topic, seq)
    return seq
  }
  const append = (topic: string, kind: string, body: Body, seq = next(topic), sent = true) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built by hand in the test
    const event = { topic, seq, kind, at: now(), actor_id: null, ...body } as unknown as Event
    if (sent) log.push({ live: event, replayed: event })
    return seq
  }
  const inRoom = (room: Room) => room.members.has(me) && !room.deleted
  const tell = (room: Room, kind: string, body: Body, sent = inRoom(room)) => {
    room.seq = append(`chat:${room.id}`, kind, body, undefined, sent)
    return room.seq
  }
  const tellMe = (kind: string, body: Body) => append(`user:${me}`, kind, body)
  const unread = (room: Room, mentioned: boolean) =>
    room.messages.filter(
      (m) =>
        m.seq > room.read &&
        m.sender_id !== me &&
        m.deleted_at === null &&
        (!mentioned || m.mentions.includes(me)),
    ).length
  const counts = (room: Room) => ({
    unread_count: Math.min(1000, unread(room, false)),
    mention_count: unread(room, true),
    last_seq: room.seq,
  })
  const chatOf = (room: Room): Chat => ({
    id: room.id,
    type: room.workspace ? 'private_channel' : 'group',
    workspace_id: room.workspace ? workspaceId : null,
    name: room.name,
    description: null,
    history: 'all',
    is_general: false,
    users: [...room.members].toSorted((a, b) => a - b),
    member_count: room.members.size,
    role: room.role,
    notification: room.notification,
    read_seq: room.read,
    ...counts(room),
    created_by: 2,
    created_at: '2030-01-01T00:00:00.000Z',
  })
  const workspaceOf = () => ({
    id: workspaceId,
    name: company.name,
    join_policy: 'invite' as const,
    member_count: company.members,
    role: company.role,
    created_at: '2030-01-01T00:00:00.000Z',
    icon_id: company.icon,
  })
  const tellWorkspace = (kind: string, body: Body) =>
    append(
      `workspace:${workspaceId}`,
      kind,
      { workspace_id: workspaceId, ...body },
      undefined,
      company.in,
    )

  const join = (room: Room, id: number) => {
    if (room.members.has(id) || room.deleted || (id === me && room.workspace && !company.in)) return
    const founded = room.seq === 0
    const before = inRoom(room)
    room.members.add(id)
    const members: Member[] = [{ ...user(id), role: 'member' }]
    const users = [...room.members].toSorted((a, b) => a - b)
    tell(
      room,
      'MemberJoined',
      { chat_id: room.id, members, member_count: users.length, users },
      before,
    )
    if (id !== me) return
    Object.assign(room, { read: room.seq, notification: 'all', role: 'member' })
    tellMe(founded ? 'NewChat' : 'AddToChat', { chat: chatOf(room), users: users.map(user) })
  }
  const leave = (room: Room, id: number) => {
    if (!room.members.delete(id)) return
    const users = [...room.members].toSorted((a, b) => a - b)
    const body = { chat_id: room.id, user_ids: [id], member_count: users.length, users }
    tell(room, 'MemberLeft', body)
    if (id === me) tellMe('RemoveFromChat', { chat_id: room.id })
  }
  const found = (workspace: boolean) => {
    const room: Room = {
      id: ids++,
      workspace,
      name: 'room',
      members: new Set(),
      messages: [],
      read: 0,
      notification: 'all',
      role: 'member',
      seq: 0,
      deleted: false,
    }
    rooms.set(room.id, room)
    return room
  }
  const send = (room: Room, sender: number, mentions: number[]) => {
    if (!room.members.has(sender) || room.deleted) return
    const message: Message = {
      id: ids++,
      chat_id: room.id,
      seq: room.seq + 1,
      sender_id: sender,
      content: 'hello',
      files: [],
      nonce: null,
      reply_to: null,
      mentions,
      reactions: [],
      edited_at: null,
      deleted_at: null,
      created_at: now(),
    }
    room.messages.push(message)
    tell(room, 'NewMessage', { message })
  }
  const change = (room: Room, nth: number, mentions: number[] | undefined) => {
    const index = room.messages.length - 1 - (nth % Math.max(1, room.messages.length))
    const old = room.messages[index]
    if (!old || old.deleted_at !== null || room.deleted) return
    const changed: Message = mentions
      ? { ...old, mentions, edited_at: now() }
      : { ...old, content: '', mentions: [], deleted_at: now() }
    room.messages[index] = changed
    if (mentions) {
      tell(room, 'MessageUpdated', { message: changed, mentions_before: old.mentions })
      return
    }
    tell(room, 'MessageDeleted', {
      chat_id: room.id,
      message_id: old.id,
      message_seq: old.seq,
      sender_id: old.sender_id,
      mentions: old.mentions,
      deleted_at: changed.deleted_at,
    })
    for (const logged of log) {
      const event = logged.replayed
      if (
        (event.kind === 'NewMessage' || event.kind === 'MessageUpdated') &&
        event.message.id === old.id
      ) {
        const { content, deleted_at } = changed
        logged.replayed = { ...event, message: { ...event.message, content, deleted_at } }
      }
    }
  }
  const remove = (room: Room) => {
    if (room.deleted) return
    tell(room, 'ChatDeleted', { chat_id: room.id })
    room.deleted = true
  }
  const read = (room: Room, seq: number) => {
    if (!inRoom(room) || seq === room.read) return
    room.read = seq
    tellMe('ReadMarkerMoved', { chat_id: room.id, read_seq: seq, ...counts(room) })
  }
  const notify = (room: Room, notification: Room['notification']) => {
    if (!inRoom(room) || room.notification === notification) return
    room.notification = notification
    tellMe('NotificationChanged', { chat_id: room.id, notification })
  }
  const promote = (room: Room, role: Room['role']) => {
    if (!inRoom(room) || room.role === role) return
    room.role = role
    tell(room, 'MemberUpdated', { chat_id: room.id, user_id: me, role })
  }
  const renameRoom = (room: Room, name: string) => {
    if (room.deleted) return
    room.name = name
    const { type, description, history } = chatOf(room)
    tell(room, 'ChatUpdated', { chat_id: room.id, type, name, description, history })
  }
  const tellUser = (id: number) => {
    const body = { user: user(id) }
    if (id === me) tellMe('UserUpdated', body)
    append(`workspace:${workspaceId}`, 'UserUpdated', body, undefined, company.in)
    for (const room of rooms.values()) {
      if (!room.workspace && room.members.has(id) && !room.deleted) tell(room, 'UserUpdated', body)
    }
  }
  const rename = (id: number, name: string) => {
    names.set(id, name)
    tellUser(id)
  }
  const paint = (id: number) => {
    if (pictures.has(id)) pictures.delete(id)
    else pictures.set(id, ids++)
    tellUser(id)
  }
  const administer = () => {
    company.admin = !company.admin
    tellMe('AdminChanged', { is_admin: company.admin })
  }
  const leaveCompany = () => {
    if (!company.in) return
    for (const room of rooms.values()) if (room.workspace) leave(room, me)
    company.in = false
    company.members--
    tellWorkspace('WorkspaceMemberLeft', { user_ids: [me], member_count: company.members })
    tellMe('RemoveFromWorkspace', { workspace_id: workspaceId })
  }
  const joinCompany = () => {
    if (company.in) return
    company.members++
    tellWorkspace('WorkspaceMemberJoined', { members: [], member_count: company.members })
    company.in = true
    const last_seq = seqs.get(`workspace:${workspaceId}`) ?? 0
    tellMe('AddToWorkspace', { workspace: workspaceOf(), last_seq })
  }
  const renameCompany = (name: string) => {
    company.name = name
    company.icon = company.icon === null ? ids++ : null
    tellWorkspace('WorkspaceUpdated', { name, join_policy: 'invite', icon_id: company.icon })
  }
  const bootstrap = (): Bootstrap => {
    const chats = [...rooms.values()].filter(inRoom).map(chatOf)
    const mine = [
      `user:${me}`,
      ...(company.in ? [`workspace:${workspaceId}`] : []),
      ...chats.map(({ id }) => `chat:${id}`),
    ]
    return {
      cursor: `c${log.length}`,
      me: {
        ...user(me),
        email: 'me@example.org',
        created_at: '2030-01-01T00:00:00.000Z',
        is_admin: company.admin,
      },
      workspaces: company.in ? [workspaceOf()] : [],
      chats,
      users: [...new Set(chats.flatMap(({ users }) => users))].map(user),
      topics: mine.map((topic) => ({ topic, last_seq: seqs.get(topic) ?? 0 })),
    }
  }
  const chat = (id: number): Chat | undefined => {
    const room = rooms.get(id)
    return room && inRoom(room) ? chatOf(room) : undefined
  }
  return {
    log,
    rooms,
    bootstrap,
    chat,
    actions: {
      found,
      join,
      leave,
      send,
      change,
      remove,
      read,
      notify,
      promote,
      renameRoom,
      rename,
      paint,
      administer,
      leaveCompany,
      joinCompany,
      renameCompany,
    },
  }
}

export type World = ReturnType<typeof createWorld>
