import { type EphemeralOf, typingSeconds } from '@parley/contract'
import { typingThrottle } from '@parley/core/ephemeral/throttle'
import { eventFrame } from '../frame.ts'
import type { Hub } from '../hub.ts'
import type { Tail } from '../tail.ts'
import type { EphemeralWatch } from './watch.ts'

/** More than these at once tell nobody anything. */
const mostWaiting = 1000
/** Nor does what the log has held up for longer, in milliseconds: they may be doing something else by now. */
const longestMs = 3000

export interface Typist {
  chat_id: number
  user_id: number
}

export interface TypingOptions {
  hub: Hub
  tail: Tail
  watch: EphemeralWatch
  uptime: () => number
}

/** Tells the others in a chat that somebody writes. */
export function createTyping({
  hub,
  tail,
  watch,
  uptime,
}: TypingOptions): (typist: Typist) => void {
  const due = typingThrottle(uptime)
  let waiting: Typist[] = []
  let busy = false

  async function drain(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      // Who was shown out before this was said must not hear it: the hub has to know of that first.
      const since = uptime()
      await tail.caughtUp()
      if (uptime() - since > longestMs) watch.dropped('late')
      else for (const typist of batch) tell(typist)
    }
    busy = false
  }

  function tell({ chat_id, user_id }: Typist): void {
    const event: EphemeralOf<'Typing'> = {
      kind: 'Typing',
      chat_id,
      user_id,
      expires_in_seconds: typingSeconds,
    }
    let frame: Buffer | undefined
    for (const stream of hub.audience([chat_id])) {
      if (stream.reader.userId === user_id) continue
      frame ??= eventFrame(event.kind, JSON.stringify(event))
      if (stream.offer(frame)) stream.flush()
      else watch.dropped('slow_reader')
    }
  }

  return ({ chat_id, user_id }) => {
    // Two chat-servers must not make two of one.
    if (!due(`${user_id}:${chat_id}`)) return
    if (waiting.length >= mostWaiting) return watch.dropped('too_many')
    waiting.push({ chat_id, user_id })
    // It rejects when the tail stops, and so does all else.
    drain().catch(() => undefined)
  }
}
