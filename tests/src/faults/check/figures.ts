import { revocationDelays } from './c11-revoked.ts'
import { processFigures } from './c12-resources.ts'
import { recoveryTime } from './c13-recovery.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Figures } from './report.ts'
import { spread } from './spread.ts'

export const figures = (index: HistoryIndex): Figures => ({
  latency: spread(deliveries(index).flatMap(({ ms, quiet }) => (quiet ? [ms] : []))),
  revocation: revocationDelays(index),
  recovery: recoveryTime(index),
  processes: processFigures(index),
  crowds: index.entries.filter((entry) => entry.type === 'crowd'),
})

/** One delivery of a message, as its sender could have watched it. */
interface Delivery {
  at: number
  /** Since the sender had their answer; one that came before it took no time. */
  ms: number
  /** No fault could be felt meanwhile. */
  quiet: boolean
}

export function deliveries({ ops, streams, faults }: HistoryIndex): Delivery[] {
  const acknowledged = new Map<number, number>()
  for (const { ok, ended } of ops.sends) {
    const id = ok?.returned.messages?.[0]?.id
    if (id !== undefined) acknowledged.set(id, ended)
  }
  const found: Delivery[] = []
  for (const { events } of streams.readers.values()) {
    for (const event of events) {
      if (event.type !== 'delivered' || event.kind !== 'NewMessage') continue
      const { at } = event
      const since = acknowledged.get(event.message?.id ?? -1)
      if (since === undefined) continue
      const quiet = !faults.touched(Math.min(since, at), Math.max(since, at))
      found.push({ at, ms: Math.max(0, at - since), quiet })
    }
  }
  return found
}
