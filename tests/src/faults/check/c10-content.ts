import type { HistoryIndex } from './history-index.ts'
import { chatOf } from './index-log.ts'
import { intervalAt, intervalsOf } from './index-memberships.ts'
import { indexTexts } from './index-texts.ts'
import type { Witness, Wrong } from './witnesses.ts'

/** Digest of a text that is erased. */
const erased = '-'

/** Whether a witness shows a text that was asked for, and at the place where it belongs. */
export function content(index: HistoryIndex): (witness: Witness) => Wrong | undefined {
  const texts = indexTexts(index.ops)

  /** A newcomer to a since_join chat is told that an older message changed, and not what it says. */
  const isHidden = (chat: number, user: number | undefined, seq: number): boolean =>
    user !== undefined &&
    index.sinceJoin.has(chat) &&
    !intervalAt(intervalsOf(index.memberships, `chat:${chat}`, user), seq)

  return ({ event, now, user }) => {
    const { message, kind } = event
    const chat = chatOf(event.topic)
    if (!message || chat === undefined) return undefined
    const { text, id } = message
    if (text === erased) {
      const may = texts.mayBeErased(message) || (!now && isHidden(chat, user, message.seq))
      return may ? undefined : { says: `message ${id} is erased, and nobody deleted it.` }
    }
    if (kind === 'MessageUpdated' && isHidden(chat, user, message.seq)) {
      return { says: `user ${user} was shown what message ${id} says, from before they joined.` }
    }
    const original = now || kind === 'NewMessage'
    const edits = now || kind === 'MessageUpdated'
    if (original && texts.sent(chat, message).has(text)) return undefined
    if (edits && texts.edited(message).has(text)) return undefined
    return { says: `message ${id} says what nobody wrote there (${text}).` }
  }
}
