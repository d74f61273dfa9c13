import type { MessageSeen, Return } from '../history/entry.ts'
import type { Check } from './findings.ts'
import { grouped } from './grouped.ts'
import { type Doing, type Op, nonceKey, told } from './index-ops.ts'
import { messageLine } from './lines.ts'

export const duplicate: Check = {
  id: 'C3',
  name: 'duplicate',
  property: 'A sender’s nonce occurs once in a chat, and all answers for it agree in id and seq.',
  run({ ops, final }, { look, violation }) {
    const withNonce = final.messages.filter(({ nonce }) => nonce !== null)
    const stored = grouped(withNonce, ({ chat, sender, nonce }) => nonceKey(chat, sender, nonce))
    for (const same of stored.values()) {
      look()
      const [first] = same
      if (!first || same.length === 1) continue
      violation(
        `Nonce ${first.nonce} of user ${first.sender} is stored ${same.length} times in chat:${first.chat}.`,
        () => [
          ...(ops.byNonce.get(nonceKey(first.chat, first.sender, first.nonce)) ?? []).flatMap(told),
          ...same.map(messageLine),
        ],
      )
    }
    for (const sends of ops.byNonce.values()) {
      const different = disagreement(sends)
      if (!different) continue
      const { before, after } = different
      violation(
        `The same nonce was answered with message ${before.id}, seq ${before.seq}, and then with ${after.id}, seq ${after.seq}.`,
        () => sends.flatMap(told),
        different.at,
      )
    }
  },
}

function disagreement(sends: Op<Doing<'send'>>[]) {
  let first: MessageSeen | undefined
  for (const { attempts } of sends) {
    for (const { returned } of attempts) {
      const message = acknowledged(returned)
      if (!returned || !message) continue
      first ??= message
      if (first.id !== message.id || first.seq !== message.seq) {
        return { before: first, after: message, at: returned.at }
      }
    }
  }
  return undefined
}

const acknowledged = (returned: Return | undefined): MessageSeen | undefined =>
  returned?.outcome === 'ok' ? returned.messages?.[0] : undefined
