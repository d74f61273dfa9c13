import type { FinalSeen } from './report.ts'
import type { Stored } from './history-index.ts'

/** Parts of the final state as lines of an excerpt. */
export const line = (shows: string): FinalSeen => ({ type: 'final', shows })

export const messageLine = (message: Stored): FinalSeen =>
  line(
    `message ${message.id} in chat:${message.chat}, seq ${message.seq}, of user ${message.sender}, nonce ${message.nonce}, text ${message.text}${message.deleted ? ', deleted' : ''}`,
  )
