import { revocationDelays } from './c11-revoked.ts'
import { processFigures } from './c12-resources.ts'
import { recoveryTime } from './c13-recovery.ts'
import type { HistoryIndex } from './history-index.ts'
import type { Figures, Spread } from './report.ts'
import { spread } from './spread.ts'

export const figures = (index: HistoryIndex): Figures => ({
  latency: latency(index),
  revocation: revocationDelays(index),
  recovery: recoveryTime(index),
  processes: processFigures(index),
})

/** One that was delivered before its sender had their answer took no time. */
function latency({ ops, streams, faults }: HistoryIndex): Spread {
  const acknowledged = new Map<number, number>()
  for (const { ok, ended } of ops.sends) {
    const id = ok?.returned.messages?.[0]?.id
    if (id !== undefined) acknowledged.set(id, ended)
  }
  const times: number[] = []
  for (const { events } of streams.readers.values()) {
    for (const event of events) {
      if (event.type !== 'delivered' || event.kind !== 'NewMessage') continue
      const since = acknowledged.get(event.message?.id ?? -1)
      if (since === undefined) continue
      const [from, to] = since < event.at ? [since, event.at] : [event.at, since]
      if (!faults.touched(from, to)) times.push(Math.max(0, event.at - since))
    }
  }
  return spread(times)
}
