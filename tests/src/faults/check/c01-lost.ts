import type { Check } from './findings.ts'
import { around } from './index-log.ts'
import { told } from './index-ops.ts'
import { line, messageLine } from './lines.ts'

export const lost: Check = {
  id: 'C1',
  name: 'lost',
  property:
    'Every acknowledged message is in the final history with the id and seq of its answer, and with its sender and nonce.',
  run({ ops, messages, log }, { look, violation }) {
    for (const send of ops.sends) {
      if (!send.ok) continue
      look()
      const { chat, nonce } = send.action
      const answer = send.ok.returned.messages?.[0]
      const stored = answer && messages.get(answer.id)
      const same =
        stored !== undefined &&
        stored.chat === chat &&
        stored.seq === answer?.seq &&
        stored.sender === send.user &&
        stored.nonce === nonce
      if (same) continue
      const topic = `chat:${chat}`
      const what = answer ? `Message ${answer.id}, seq ${answer.seq}` : 'A message, unseen,'
      violation(
        `${what} of user ${send.user} was acknowledged in ${topic} and ${stored ? 'is another one at the end' : 'is not there at the end'}.`,
        () => [
          ...told(send),
          ...(stored ? [messageLine(stored)] : []),
          line(around(log.get(topic), answer?.seq ?? 0)),
        ],
        send.ended,
      )
    }
  },
}
