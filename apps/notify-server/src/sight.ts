import type { Hub } from './hub.ts'
import type { Tail } from './tail.ts'

/** How often to look, in milliseconds: what it adds to the bound. */
const everyMs = 200

/**
 * Ends all streams when the log could not be read for too long: meanwhile somebody may have been
 * signed out. They lead to no hole, because a cursor says only what was written (decision 0008).
 */
export function watchSight(hub: Hub, tail: Tail): { stop(): void } {
  const timer = setInterval(() => {
    if (!tail.blind()) return
    for (const stream of hub.streams) {
      // Whoever has not even read what is there will not read why it ends.
      if (stream.outlet.waiting > 0) stream.cut('unavailable')
      else stream.close('unavailable')
    }
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
