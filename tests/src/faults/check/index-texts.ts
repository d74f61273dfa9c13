import type { Ops } from './index-ops.ts'
import { nonceKey } from './index-ops.ts'
import type { MessageSeen } from '../history/entry.ts'
import { entryOf } from './grouped.ts'

/** What a message may say, by what was asked for. */
export interface Texts {
  /** The texts it was sent with: one, unless a client made the same nonce twice. */
  sent(chat: number, message: MessageSeen): ReadonlySet<string>
  edited(message: MessageSeen): ReadonlySet<string>
  mayBeErased(message: MessageSeen): boolean
}

const none: ReadonlySet<string> = new Set()

/** An operation that was refused in all its attempts asked for nothing. */
export function indexTexts({ byNonce, edits, deletions }: Ops): Texts {
  const sent = new Map<string, Set<string>>()
  for (const [key, sends] of byNonce) {
    for (const { action, refused } of sends) {
      if (!refused) entryOf(sent, key, () => new Set<string>()).add(action.text)
    }
  }
  const edited = new Map<number, Set<string>>()
  for (const { action, refused } of edits) {
    if (!refused) entryOf(edited, action.message, () => new Set<string>()).add(action.text)
  }
  const erased = new Set(
    deletions.filter(({ refused }) => !refused).map(({ action }) => action.message),
  )
  // A message has many witnesses: most of them are looked up by its id alone.
  const known = new Map<
    number,
    { chat: number; message: MessageSeen; texts: ReadonlySet<string> }
  >()
  return {
    sent(chat, message) {
      const { id, sender, nonce } = message
      const one = known.get(id)
      const same =
        one?.chat === chat && one.message.sender === sender && one.message.nonce === nonce
      if (same) return one.texts
      const texts = sent.get(nonceKey(chat, sender, nonce)) ?? none
      known.set(id, { chat, message, texts })
      return texts
    },
    edited: ({ id }) => edited.get(id) ?? none,
    mayBeErased: ({ id }) => erased.has(id),
  }
}
