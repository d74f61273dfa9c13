import type { Event, EventOf, Message } from '@parley/contract'

function update(messages: readonly Message[], message: Message): readonly Message[] {
  const index = messages.findIndex(({ id }) => id === message.id)
  const before = messages[index]
  // A message fetched just now may be ahead of its events.
  const older = (before?.edited_at ?? '') > (message.edited_at ?? '')
  return !before || before.deleted_at !== null || older ? messages : messages.with(index, message)
}

function remove(
  messages: readonly Message[],
  event: EventOf<'MessageDeleted'>,
): readonly Message[] {
  const index = messages.findIndex(({ id }) => id === event.message_id)
  const before = messages[index]
  if (!before || before.deleted_at !== null) return messages
  const nothing = { content: '', files: [], mentions: [], reactions: [] }
  return messages.with(index, { ...before, ...nothing, deleted_at: event.deleted_at })
}

/**
 * A chat's loaded messages, ascending by seq, after one of its events. `atEnd` says whether they
 * reach to the chat's last message: only then is a new one added. The same array where nothing changed.
 */
export function applyToMessages(
  messages: readonly Message[],
  event: Event,
  { chatId, atEnd }: { chatId: number; atEnd: boolean },
): readonly Message[] {
  if (event.topic !== `chat:${chatId}`) return messages
  if (event.kind === 'MessageUpdated') return update(messages, event.message)
  if (event.kind === 'MessageDeleted') return remove(messages, event)
  if (event.kind !== 'NewMessage' || !atEnd) return messages
  return event.seq > (messages.at(-1)?.seq ?? 0) ? [...messages, event.message] : messages
}
