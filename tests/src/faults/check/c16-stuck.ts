import type { Check } from './findings.ts'
import { line } from './lines.ts'

export const stuck: Check = {
  id: 'C16',
  name: 'stuck',
  property: 'Every call has ended, nothing is left over, and each reader is live at the end.',
  run({ ops, final, streams, sessions, end }, { look, violation }) {
    for (const { attempts } of ops.all) {
      for (const { call, returned } of attempts) {
        look()
        if (returned) continue
        violation(
          `User ${call.user}'s ${call.action.does} on ${call.server} never returned.`,
          () => [call],
          call.at,
        )
      }
    }
    for (const what of final.stuck) violation(what, () => [line(what)])
    for (const reader of streams.readers.values()) {
      look()
      if (sessions.mayBeOver(reader)) continue
      const live = reader.streams.some(
        ({ ready, closed }) => ready && ready.at <= end && (closed?.at ?? Infinity) > end,
      )
      if (live) continue
      const last = reader.streams.at(-1)
      violation(`Reader ${reader.reader} is not live at the end.`, () => [
        ...(last ? [last.opened] : [line('it never had a stream')]),
        ...(last?.closed ? [last.closed] : []),
      ])
    }
  },
}
