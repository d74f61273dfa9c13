import type { Message } from '@parley/contract'

export const messageAt = (chatId: number, seq: number): Message => ({
  id: chatId * 1000 + seq,
  chat_id: chatId,
  seq,
  sender_id: 2,
  content: `message ${seq} ünï😀`,
  files: [],
  nonce: null,
  reply_to: null,
  mentions: [],
  reactions: [],
  edited_at: null,
  deleted_at: null,
  created_at: '2030-01-01T00:00:00.000Z',
})

/** A message's event as it lies in the log. */
export const sentAt = (chatId: number, seq: number) => ({
  topic: `chat:${chatId}`,
  seq,
  kind: 'NewMessage' as const,
  at: '2030-01-01T00:00:00.000Z',
  actor_id: 2,
  message: messageAt(chatId, seq),
})

export const frame = (event: string, data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

export const sentFrame = (chatId: number, seq: number, id?: string): string =>
  frame('NewMessage', sentAt(chatId, seq), id)

export const ready = (cursor?: string): string =>
  frame('ready', { cursor: '', replayed: 0 }, cursor)
