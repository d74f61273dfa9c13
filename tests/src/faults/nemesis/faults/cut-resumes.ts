import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { notifyNames } from '../../cluster/cluster.ts'
import { type Fault, during, met } from '../fault.ts'

/** As on a train: each time that somebody is back they get a part of what they missed. */
export const cutResumes: Fault = {
  id: 'F53',
  name: 'cut-resumes',
  what: 'All streams break, and those that resume are cut off in the middle of what was missed, again and again.',
  variants: ['again'],
  smoke: ['again'],
  seconds: 5,
  evidence: 20,
  async run(field, variant) {
    const { cluster, random } = field
    const links = notifyNames.map((name) => cluster.front[name])
    const resets = () => links.reduce((sum, { down }) => sum + down.resets, 0)
    const before = resets()
    await during(field, { fault: 'F53', target: variant }, async () => {
      try {
        for (let n = 0; n < 5; n++) {
          const begun = resets()
          for (const link of links) {
            link.set('down', { cutAfter: random.between(1_000, 8_000) })
            link.reset()
          }
          await until(() => resets() >= begun + 8, { timeoutMs: 15_000, what: 'cut resumes' })
          for (const link of links) link.heal()
          await delay(random.between(100, 500))
        }
      } finally {
        for (const link of links) link.heal()
      }
    })
    met(field, 'F53', 'cut streams', resets() - before)
  },
}
