import type { Check } from './findings.ts'
import { nonceKey, told } from './index-ops.ts'
import { messageLine } from './lines.ts'

export const phantom: Check = {
  id: 'C2',
  name: 'phantom',
  property: 'Every stored message was sent by somebody, in an operation that was not refused.',
  run({ ops, final }, { look, violation }) {
    for (const message of final.messages) {
      look()
      const { chat, sender, nonce, id } = message
      const sends = ops.byNonce.get(nonceKey(chat, sender, nonce)) ?? []
      if (sends.some(({ refused }) => !refused)) continue
      violation(
        `Message ${id} is stored in chat:${chat}, and ${sends.length === 0 ? 'nobody sent it' : 'all that sent it was refused'}.`,
        () => [...sends.flatMap(told), messageLine(message)],
      )
    }
  },
}
