import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { notifyNames } from '../../cluster/cluster.ts'
import { type Fault, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'

/** So many events everybody sees that were written later. */
const later = 100

export const lateCommit: Fault = {
  id: 'F54',
  name: 'late-commit',
  what: 'A change that began before what everybody has seen is committed while all of them are away.',
  variants: ['away'],
  smoke: ['away'],
  seconds: 2,
  evidence: 1,
  async run(field, variant) {
    const { cluster, load, recorder } = field
    const links = notifyNames.map((name) => cluster.front[name])
    const hand = await byHand(field)
    await during(field, { fault: 'F54', target: variant }, async () => {
      try {
        await hand.query('begin')
        await hand.query('update chats set description = $1 where id = $2', [
          `changed at ${recorder.now()}`,
          load.places.hall,
        ])
        const before = recorder.entries.length
        const seen = () => recorder.entries.slice(before).filter(({ type }) => type === 'delivered')
        await until(() => seen().length >= later, { timeoutMs: 8_000, what: 'later events' })
        for (const link of links) {
          link.set('up', { held: true })
          link.reset()
        }
        await hand.query('commit')
        met(field, 'F54', 'late commits')
        await delay(300)
      } finally {
        for (const link of links) link.heal()
        await hand.end()
      }
    })
  },
}
