import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isVisible, parseSnapshot, withinLog } from './snapshot.ts'

/** A snapshot, and the newest transaction of the log that it sees. */
const seen = fc
  .record({
    xmin: fc.integer({ min: 3, max: 40 }),
    more: fc.integer({ min: 0, max: 20 }),
    bits: fc.nat(),
  })
  .chain(({ xmin, more, bits }) => {
    const xmax = xmin + more
    const running = Array.from({ length: more }, (_, at) => xmin + at).filter(
      (_, at) => bits & (1 << at),
    )
    const snapshot = parseSnapshot(`${xmin}:${xmax}:${running.join(',')}`)
    const ended = Array.from({ length: xmax }, (_, xid) => xid).filter((xid) =>
      isVisible(xid, snapshot),
    )
    return fc.record({ snapshot: fc.constant(snapshot), horizon: fc.constantFrom(0, ...ended) })
  })

test('a snapshot within the log sees what it saw of the log, and nothing that is yet to be written', () => {
  fc.assert(
    fc.property(seen, fc.integer({ min: 0, max: 80 }), ({ snapshot, horizon }, xid) => {
      const within = withinLog(horizon, snapshot)
      expect(isVisible(xid, within)).toBe(xid <= horizon && isVisible(xid, snapshot))
      expect(within.xmin).toBeLessThanOrEqual(within.xmax)
      expect(parseSnapshot(within.text)).toEqual(within)
    }),
  )
})
