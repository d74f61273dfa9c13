import type { Event } from '@parley/contract'
import type { Client } from '../client.ts'
import type { StreamOptions } from '../stream/stream.ts'
import type { Timing } from '../stream/state.ts'

/** Short times, so that a test waits for what happens and not for a clock. */
export const fast: Partial<Timing> = { minMs: 1, maxMs: 4 }

/** A stream that writes down what it hears: `7:12` is seq 12 of chat 7. */
export function listen(client: Client, options: Partial<StreamOptions> = {}) {
  const events: Event[] = []
  const states: string[] = []
  const stream = client.stream({
    timing: fast,
    onResync: (reason) => {
      throw new Error(`unexpected resync: ${reason}`)
    },
    ...options,
    onEvent(event) {
      events.push(event)
      options.onEvent?.(event)
    },
    onState(state) {
      states.push('reason' in state ? `${state.state}:${state.reason}` : state.state)
    },
  })
  const got = () => events.map(({ topic, seq }) => `${topic.slice('chat:'.length)}:${seq}`)
  return { stream, events, states, got }
}
