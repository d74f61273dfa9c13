import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { type Fault, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'

/** Longer than an event may be late. */
const silentMs = 8_000

export const lostBell: Fault = {
  id: 'F50',
  name: 'lost-bell',
  what: 'Nothing rings for seconds, as behind a pooler that swallows NOTIFY: what is new is found by looking.',
  variants: ['silent'],
  smoke: ['silent'],
  seconds: 8.5,
  evidence: 100,
  async run(field, variant) {
    const { cluster, recorder } = field
    const { definition } = await cluster.database.sql.one(sql<{ definition: string | null }>`
      select pg_get_functiondef('ring_bell()'::regprocedure) as definition`)
    if (definition === null) throw new Error('there is no bell')
    const hand = await byHand(field)
    const window = { fault: 'F50', target: variant, slows: 'bell', excuses: false } as const
    await during(field, window, async () => {
      const before = recorder.entries.length
      await hand.query(definition.replace(/perform pg_notify\([^)]*\)/, 'null'))
      try {
        await delay(silentMs)
      } finally {
        await hand.query(definition)
        await hand.end()
      }
      const delivered = recorder.entries
        .slice(before)
        .filter(({ type }) => type === 'delivered').length
      met(field, 'F50', 'events delivered meanwhile', delivered)
    })
  },
}
