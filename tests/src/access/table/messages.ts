import { type Entry, each, forbidden, inChat, notMember } from '../entry.ts'
import { name, readAll, unknownFile, writes } from './common.ts'

export const messages = {
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
} satisfies Record<string, readonly Entry[]>
