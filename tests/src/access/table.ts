import type { Endpoints } from '@parley/contract'
import {
  type Entry,
  each,
  fixed,
  forbidden,
  groups,
  hidden,
  inChat,
  inWorkspace,
  notMember,
  open,
  own,
} from './entry.ts'
import { nowhere, password } from './cast.ts'

let names = 0
/** A name that nobody has. */
const name = (): string => `fresh${++names}`

const readAll = { owner: '200', member: '200', visitor: '200' } as const
const writes = { visitor: notMember, shows: 'AZ-04' } as const
/** A form with one small file (RFC 7578). */
const form = {
  headers: { 'content-type': 'multipart/form-data; boundary=part' },
  body: '--part\r\ncontent-disposition: form-data; name="file"; filename="x.bin"\r\n\r\nxx\r\n--part--\r\n',
}
const unknownFile = { unknown: '422 unknown_file' } as const

/** Each endpoint of the contract, and what each of its calls answers to whom. */
export const table = {
  // Chats
  getChat: [inChat({ ...readAll, shows: 'AZ-02' })],
  listChats: [
    own({ expected: '200' }),
    own({ expected: '200', wish: () => ({ query: { public: true } }), shows: 'AZ-02' }),
    own({ expected: '200', wish: ({ workspace }) => ({ query: { workspace_id: workspace } }) }),
  ],
  createChat: [
    own({
      expected: '201',
      but: { stranger: hidden },
      wish: ({ workspace }) => ({
        body: { type: 'private_channel', name: name(), workspace_id: workspace },
      }),
      shows: 'AZ-20',
    }),
    own({
      expected: '201',
      but: { stranger: hidden },
      wish: (_place, { colleague, member }) => ({
        body: { type: 'group', user_ids: [colleague.id, member.id] },
      }),
      shows: 'AZ-20',
    }),
    own({
      expected: '201',
      but: { stranger: hidden, removed: hidden },
      wish: (_place, { removed }) => ({ body: { type: 'single', user_id: removed.id } }),
      shows: 'AZ-20',
    }),
  ],
  updateChat: [
    inChat({
      ...writes,
      owner: '200',
      member: '200',
      wish: () => ({ body: { notification: 'none' } }),
    }),
    inChat({
      ...writes,
      owner: each('200', fixed),
      member: each(forbidden, { ...groups('200'), ...fixed }),
      wish: () => ({ body: { name: name() } }),
    }),
    inChat({
      ...writes,
      owner: each('200', fixed),
      member: each('200', fixed),
      wish: (_place, { colleague }) => ({ body: { add_user_ids: [colleague.id] } }),
    }),
    inChat({
      ...writes,
      visitor: forbidden,
      owner: each('200', fixed),
      member: each('200', fixed),
      wish: (_place, { member }) => ({ body: { remove_user_ids: [member.id] } }),
    }),
  ],
  deleteChat: [
    inChat({
      owner: each('204', fixed),
      member: each(forbidden, fixed),
      visitor: forbidden,
      shows: 'AZ-04',
    }),
  ],
  joinChat: [inChat({ ...readAll, shows: 'AZ-04' })],
  leaveChat: [inChat({ ...writes, owner: each('204', fixed), member: each('204', fixed) })],
  listChatMembers: [inChat({ ...readAll, shows: 'AZ-02' })],
  putChatMember: [
    inChat({
      ...writes,
      owner: each('201', fixed),
      member: each('201', fixed),
      who: 'colleague',
      wish: () => ({ body: {} }),
    }),
    inChat({
      ...writes,
      visitor: forbidden,
      owner: each('200', fixed),
      member: each(forbidden, fixed),
      wish: () => ({ body: { role: 'admin' } }),
    }),
  ],
  removeChatMember: [
    inChat({
      ...writes,
      visitor: forbidden,
      owner: each('204', fixed),
      member: each('204', fixed),
    }),
  ],

  // Messages
  listMessages: [
    inChat({ ...readAll, shows: 'AZ-03' }),
    ...(['around', 'before', 'after'] as const).map((word) =>
      inChat({ ...readAll, shows: 'AZ-03', wish: ({ seq }) => ({ query: { [word]: seq } }) }),
    ),
    inChat({
      ...readAll,
      shows: 'AZ-03',
      wish: ({ message }) => ({ query: { around_message: message } }),
    }),
    inChat({
      ...readAll,
      shows: 'AZ-03',
      wish: () => ({ query: { around_time: '2026-11-26T09:30:00Z' } }),
    }),
  ],
  getMessage: [inChat({ ...readAll, shows: 'AZ-03' })],
  sendMessage: [
    inChat({ ...writes, owner: '201', member: '201', wish: () => ({ body: { content: 'x' } }) }),
    inChat({
      ...writes,
      owner: '201',
      member: '201',
      wish: ({ message }) => ({ body: { content: 'x', reply_to: message, nonce: name() } }),
    }),
    inChat({
      ...writes,
      owner: '201',
      member: unknownFile,
      wish: ({ ownFile }) => ({ body: { content: 'x', files: [ownFile] } }),
    }),
  ],
  editMessage: [
    inChat({
      ...writes,
      owner: forbidden,
      member: '200',
      wish: () => ({ body: { content: 'x' } }),
    }),
  ],
  deleteMessage: [inChat({ ...writes, owner: each('204', { single: forbidden }), member: '204' })],
  moveReadMarker: [
    inChat({
      ...writes,
      owner: '204',
      member: '204',
      wish: ({ seq }) => ({ body: { seq } }),
    }),
  ],
  sendTyping: [inChat({ ...writes, owner: '204', member: '204' })],
  getChatPresence: [inChat({ ...readAll, shows: 'AZ-02' })],
  listEvents: [
    inChat({
      owner: '200',
      member: '200',
      visitor: notMember,
      shows: 'AZ-03',
      wish: () => ({ query: { after: 0 } }),
    }),
  ],

  // Workspaces
  createWorkspace: [own({ expected: '201', wish: () => ({ body: { name: name() } }) })],
  listWorkspaces: [own({ expected: '200' })],
  getWorkspace: [inWorkspace({ owner: '200', member: '200' })],
  updateWorkspace: [
    inWorkspace({
      owner: '200',
      member: forbidden,
      wish: () => ({ body: { name: name() } }),
    }),
  ],
  deleteWorkspace: [inWorkspace({ owner: '204', member: forbidden })],
  joinWorkspace: [inWorkspace({ owner: '200', member: '200' })],
  listWorkspaceMembers: [inWorkspace({ owner: '200', member: '200' })],
  updateWorkspaceMember: [
    inWorkspace({
      owner: '200',
      member: forbidden,
      wish: () => ({ body: { role: 'admin' } }),
    }),
  ],
  removeWorkspaceMember: [inWorkspace({ owner: '204', member: '204', colleague: forbidden })],
  createInvite: [inWorkspace({ owner: '201', member: forbidden, wish: () => ({ body: {} }) })],
  listInvites: [inWorkspace({ owner: '200', member: forbidden })],
  revokeInvite: [inWorkspace({ owner: '204', member: forbidden })],
  // Whoever holds a code has what it gives.
  previewInvite: [open('200')],
  acceptInvite: [inWorkspace({ owner: '200', member: '200', others: '200' })],

  // Files
  openFile: [
    inChat({ ...readAll, id: 'file', shows: 'AZ-07' }),
    own({
      expected: hidden,
      but: { owner: '200' },
      id: 'ownFile',
      shows: 'AZ-07',
    }),
  ],
  describeFile: [
    inChat({
      owner: forbidden,
      member: '200',
      visitor: forbidden,
      id: 'file',
      wish: () => ({ body: { alt: 'x' } }),
    }),
    own({
      expected: hidden,
      but: { owner: '200' },
      id: 'ownFile',
      wish: () => ({ body: { alt: 'x' } }),
    }),
  ],
  deleteFile: [
    inChat({ owner: hidden, member: hidden, visitor: hidden, id: 'file' }),
    own({ expected: hidden, but: { owner: '204' }, id: 'ownFile' }),
  ],
  listFileUrls: [
    own({
      expected: '200',
      wish: ({ file, ownFile }) => ({ query: { ids: [file, ownFile, nowhere] } }),
      shows: 'AZ-07, AZ-20',
    }),
  ],
  uploadFiles: [own({ expected: '201', wish: () => form })],

  // People
  getMe: [own({ expected: '200' })],
  updateMe: [
    own({ expected: '200', wish: () => ({ body: { avatar_id: null } }) }),
    own({
      expected: unknownFile,
      but: { owner: '422 not_a_picture' },
      wish: ({ ownFile }) => ({ body: { avatar_id: ownFile } }),
      shows: 'AZ-08',
    }),
  ],
  eraseMe: [own({ expected: '403 wrong_password', wish: () => ({ body: { password: 'wrong' } }) })],
  listUsers: [
    own({ expected: '200', shows: 'AZ-11' }),
    own({ expected: '200', wish: () => ({ query: { query: '_' } }), shows: 'AZ-11' }),
    own({
      expected: '200',
      wish: (_place, cast) => ({ query: { ids: Object.values(cast).map(({ id }) => id) } }),
      shows: 'AZ-11, AZ-20',
    }),
  ],
  getMyPresence: [own({ expected: '200' })],
  setMyPresence: [own({ expected: '200', wish: () => ({ body: { away: false } }) })],
  listPresences: [
    own({
      expected: '200',
      wish: (_place, cast) => ({ query: { ids: Object.values(cast).map(({ id }) => id) } }),
      shows: 'AZ-20',
    }),
  ],
  signUp: [
    open('201', () => {
      const username = name()
      return { body: { username, email: `${username}@example.org`, password } }
    }),
  ],
  signIn: [
    open('401 invalid_credentials', () => ({ body: { email: 'no@example.org', password } })),
  ],
  refresh: [open('401 invalid_refresh_token', () => ({ body: { refresh_token: 'A'.repeat(43) } }))],
  signOut: [open('204', () => ({ body: {} }))],

  // Events, and the instance
  getBootstrap: [own({ expected: '200', shows: 'AZ-12' })],
  createTicket: [own({ expected: '201' })],
  getInstance: [open('200')],
} satisfies Record<keyof Endpoints, readonly Entry[]>
