import type { EventSeen, MessageSeen } from '../history/entry.ts'
import { content } from './c10-content.ts'
import type { Check } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { messageLine, line } from './lines.ts'
import type { Excerpt } from './report.ts'
import { type Witness, type Wrong, witnesses } from './witnesses.ts'

export const corrupt: Check = {
  id: 'C10',
  name: 'corrupt',
  property:
    'A seq of a topic is the same event for all who see it, a message is the same message, and it says what its sender wrote.',
  run(index, found) {
    const events = new Map<string, Map<number, Seen>>()
    const messages = new Map<number, Witness>()
    const allowed = content(index)
    const explained = (...some: (Witness | undefined)[]) =>
      some.flatMap((one) => (one ? explain(index, one) : []))
    for (const witness of witnesses(index)) {
      found.look()
      const { topic, seq, message } = witness.event
      const seqs = events.get(topic) ?? new Map<number, Seen>()
      if (seqs.size === 0) events.set(topic, seqs)
      const wrong = note(seqs, seq, witness) ?? allowed(witness)
      if (wrong) {
        found.violation(
          `${topic} seq ${seq}: ${wrong.says}`,
          () => explained(wrong.other, witness),
          witness.at,
        )
      }
      if (!message) continue
      const first = messages.get(message.id)
      if (!first) messages.set(message.id, witness)
      if (!first || (first.event.topic === topic && !differs(first.event.message, message)))
        continue
      found.violation(
        `Message ${message.id} is ${identity(witness)} and also ${identity(first)}.`,
        () => explained(first, witness),
        witness.at,
      )
    }
  },
}

/** What is known of an event by those who saw it before. */
interface Seen {
  kind: string
  message: MessageSeen | undefined
  digest: string | undefined
  witness: Witness
}

function note(seqs: Map<number, Seen>, seq: number, witness: Witness): Wrong | undefined {
  const { kind, message, digest } = witness.event
  const seen = seqs.get(seq)
  if (!seen) {
    seqs.set(seq, { kind, message, digest, witness })
    return undefined
  }
  const other = seen.witness
  if (seen.kind !== kind)
    return { says: `it is ${seen.kind} for one and ${kind} for another.`, other }
  if (differs(seen.message, message)) return { says: 'it is about different messages.', other }
  if (seen.digest !== undefined && digest !== undefined && seen.digest !== digest) {
    return { says: 'its bytes differ.', other }
  }
  seen.digest ??= digest
  return undefined
}

const differs = (a: MessageSeen | undefined, b: MessageSeen | undefined): boolean =>
  a?.id !== b?.id || a?.seq !== b?.seq || a?.sender !== b?.sender || a?.nonce !== b?.nonce

const identity = ({ event: { topic, message } }: Witness): string =>
  `seq ${message?.seq} of ${topic} by user ${message?.sender}, nonce ${message?.nonce}`

function explain({ messages }: HistoryIndex, { entry, event, where }: Witness): Excerpt[] {
  if (entry) return [entry]
  const stored = event.message && messages.get(event.message.id)
  return stored && where === 'messages'
    ? [messageLine(stored)]
    : [line(`${where}: ${shown(event)}`)]
}

const shown = ({ topic, seq, kind, message, digest }: EventSeen): string =>
  `${topic} ${seq} ${kind} ${message ? `message ${message.id} seq ${message.seq} text ${message.text}` : (digest ?? '')}`
