import type { Message } from '@parley/contract'
import { readMarkdown } from '../markdown/blocks.ts'
import type { Block } from '../markdown/tokens.ts'
import type { Row } from '../rows.ts'

const known = new WeakMap<Message, readonly Block[]>()

/** What a message's text is made of: read once, as messages are never changed in place. */
export function tokensOf({ message, pending }: Row): readonly Block[] {
  if (!message) return readMarkdown(pending.content)
  const tokens = known.get(message) ?? readMarkdown(message.content)
  known.set(message, tokens)
  return tokens
}
