import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { chatNames } from '../../cluster/cluster.ts'
import { type Fault, during, met } from '../fault.ts'
import { busy } from '../steps.ts'

/** The other half of the ambiguous answer: here the server is the one who cannot know. */
export const lostCommits: Fault = {
  id: 'F52',
  name: 'lost-commits',
  what: 'The database answers a chat-server, and its connections break before the answers arrive.',
  variants: ['reset'],
  smoke: ['reset'],
  seconds: 4,
  evidence: 6,
  async run(field, variant) {
    const link = field.cluster.back[busy(field, chatNames)]
    const target = `${link.name} ${variant}`
    await during(field, { fault: 'F52', target, slows: 'partition' }, async () => {
      for (let n = 0; n < 12; n++) {
        const before = link.down.heldBytes
        link.set('down', { held: true })
        try {
          await until(() => link.down.heldBytes > before, { what: 'answers of the database' })
          // More of them, on more of the connections.
          await delay(field.random.between(20, 100))
          link.reset()
          met(field, 'F52', 'breaks with answers in them')
        } finally {
          link.heal()
        }
        await delay(field.random.between(100, 300))
      }
      await field.cluster.ready()
    })
  },
}
