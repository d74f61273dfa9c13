import type { Chat, Notification } from '@parley/contract'

/** What the settings of a chat hold while they are edited. */
export interface ChatForm {
  name: string
  description: string
  type: 'public_channel' | 'private_channel'
  history: Chat['history']
  notification: Notification
}

export const formOf = (chat: Chat): ChatForm => ({
  name: chat.name ?? '',
  description: chat.description ?? '',
  type: chat.type === 'private_channel' ? 'private_channel' : 'public_channel',
  history: chat.history,
  notification: chat.notification ?? 'all',
})

/** Only what was changed: the rights to each part differ. A group may stay without a name. */
export function patchOf(chat: Chat, form: ChatForm) {
  const before = formOf(chat)
  const name = form.name.trim()
  const description = form.description.trim()
  return {
    ...(name !== before.name && name !== '' ? { name } : {}),
    ...(description === before.description
      ? {}
      : { description: description === '' ? null : description }),
    ...(form.type === before.type ? {} : { type: form.type }),
    ...(form.history !== before.history && form.type === 'private_channel'
      ? { history: form.history }
      : {}),
    ...(form.history !== before.history && chat.type === 'group' ? { history: form.history } : {}),
    ...(form.notification === before.notification ? {} : { notification: form.notification }),
  }
}
