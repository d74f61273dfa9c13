import type { Delivered } from '../history/entry.ts'
import { bounds } from './bounds.ts'
import type { Check } from './findings.ts'
import type { HistoryIndex } from './history-index.ts'
import { told } from './index-ops.ts'
import type { ReaderSeen } from './index-streams.ts'

/**
 * That all arrives in the end is another check's. This one is about a delivery that stands still: it
 * loses nothing, and everybody would notice.
 */
export const late: Check = {
  id: 'C17',
  name: 'late',
  property:
    'Outside of faults each message reaches every reader within 5 s of its acknowledgement.',
  run(index, { look, violation }) {
    const sends = new Map(
      index.ops.sends.flatMap((op) => {
        const id = op.ok?.returned.messages?.[0]?.id
        return id === undefined ? [] : [[id, op] as const]
      }),
    )
    for (const reader of index.streams.readers.values()) {
      const excused = excuses(index, reader)
      for (const event of reader.events) {
        if (event.type !== 'delivered' || event.kind !== 'NewMessage') continue
        const send = sends.get(event.message?.id ?? -1)
        if (!send || excused(send.ended, event)) continue
        look()
        const ms = event.at - send.ended
        if (ms <= bounds.late) continue
        violation(
          `Reader ${reader.reader} was given ${event.topic} seq ${event.seq} ${(ms / 1000).toFixed(1)} s after it was acknowledged.`,
          () => [...told(send), event],
          event.at,
        )
      }
    }
  },
}

/** Whether a fault can be felt meanwhile: one that excuses everybody, or one of the reader’s own. */
function excuses({ faults }: HistoryIndex, { reader }: ReaderSeen) {
  const own = faults.windows.filter(({ target }) => target === reader)
  return (since: number, { at }: Delivered): boolean =>
    faults.touched(Math.min(since, at), at) ||
    own.some(({ begin, recovered }) => begin <= at && since <= recovered)
}
