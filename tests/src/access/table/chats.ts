import { type Entry, each, fixed, forbidden, groups, hidden, inChat, own } from '../entry.ts'
import { name, readAll, writes } from './common.ts'

export const chats = {
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
} satisfies Record<string, readonly Entry[]>
