import type { Check } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { type Doing, type Op, nonceKey, told } from './index-ops.ts'
import { messageLine } from './lines.ts'

/** A send whose place is known. */
interface Placed {
  op: Op<Doing<'send'>>
  seq: number
}

export const realTime: Check = {
  id: 'C5',
  name: 'real time',
  property:
    'A message that was sent after another one of its chat was acknowledged comes after it.',
  run(index, { look, violation }) {
    const chats = grouped(placed(index), ({ op }) => op.action.chat)
    for (const [chat, sends] of chats) {
      const byEnd = sends.toSorted((a, b) => a.op.ended - b.op.ended)
      const byStart = sends.toSorted((a, b) => a.op.began - b.op.began)
      let ended = 0
      let highest: Placed | undefined
      for (const next of byStart) {
        look()
        for (let done = byEnd[ended]; done && done.op.ended < next.op.began; done = byEnd[ended]) {
          if (highest === undefined || done.seq > highest.seq) highest = done
          ended++
        }
        if (highest === undefined || highest.seq < next.seq) continue
        const before = highest
        violation(
          `In chat:${chat} seq ${before.seq} was acknowledged before seq ${next.seq} was sent.`,
          () => [
            ...told(before.op),
            ...told(next.op),
            ...[before, next].flatMap(({ op }) => stored(index, op)),
          ],
          next.op.began,
        )
      }
    }
  },
}

/** By the answer; without one, by where it is stored. */
const placed = ({ ops, messagesByChat }: HistoryIndex): Placed[] => {
  const seqs = new Map<string, number>()
  for (const [chat, messages] of messagesByChat) {
    for (const { sender, nonce, seq } of messages) seqs.set(nonceKey(chat, sender, nonce), seq)
  }
  return ops.sends.flatMap((op) => {
    const { chat, nonce } = op.action
    const seq = op.ok?.returned.messages?.[0]?.seq ?? seqs.get(nonceKey(chat, op.user, nonce))
    return seq === undefined || op.refused ? [] : [{ op, seq }]
  })
}

const stored = ({ messages }: HistoryIndex, { ok }: Op) => {
  const message = messages.get(ok?.returned.messages?.[0]?.id ?? -1)
  return message ? [messageLine(message)] : []
}
