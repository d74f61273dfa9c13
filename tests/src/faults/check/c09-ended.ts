import { allowance } from './allowance.ts'
import type { Findings } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { nonceKey, told } from './index-ops.ts'
import { messageLine } from './lines.ts'

/** What a session asks for after its end is not done, whatever it is answered. */
export function ended(index: HistoryIndex, { look, violation }: Findings): void {
  const stored = new Map(
    index.final.messages.map((one) => [nonceKey(one.chat, one.sender, one.nonce), one]),
  )
  const sends = grouped(index.ops.sends, ({ session }) => session)
  for (const ending of index.sessions.ended) {
    const { limit } = allowance(index.faults, ending.op.ended)
    for (const send of sends.get(ending.session) ?? []) {
      if (send.began <= limit) continue
      look()
      const message = stored.get(nonceKey(send.action.chat, send.user, send.action.nonce))
      if (!message) continue
      violation(
        `Message ${message.id} was sent by session ${ending.session} after its end, and is there.`,
        () => [...told(ending.op), ...told(send), messageLine(message)],
      )
    }
  }
}
