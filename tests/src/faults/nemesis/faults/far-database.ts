import { setTimeout as delay } from 'node:timers/promises'
import { serverNames } from '../../cluster/cluster.ts'
import { type Fault, during, met } from '../fault.ts'

const id = 'F27'

/** Each way, in milliseconds. */
const lateBy = 250
const lastsMs = 12_000

export const farDatabase: Fault = {
  id,
  name: 'far-database',
  what: 'Each answer of the database takes half a second longer; all connections to it break once meanwhile.',
  variants: ['half-a-second'],
  seconds: 22,
  alone: true,
  evidence: 20,
  async run(field, variant) {
    const { cluster, recorder } = field
    const links = serverNames.map((name) => cluster.back[name])
    await during(field, { fault: id, target: variant, slows: 'partition' }, async () => {
      try {
        for (const link of links) {
          link.set('up', { delayMs: lateBy })
          link.set('down', { delayMs: lateBy })
          link.reset()
        }
        // Slow, and yet it works: all of it, from here on.
        await delay(lastsMs / 2)
        await cluster.ready()
        const before = recorder.entries.length
        await delay(lastsMs)
        const later = recorder.entries.slice(before)
        const done = later.filter((entry) => entry.type === 'return' && entry.outcome === 'ok')
        const delivered = later.filter(({ type }) => type === 'delivered')
        if (delivered.length === 0) throw new Error('nothing was delivered meanwhile')
        met(field, id, 'calls that were answered meanwhile', done.length)
        await cluster.ready()
      } finally {
        for (const link of links) link.heal()
      }
    })
  },
}
