import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { type ServerName, chatNames, notifyNames, serverNames } from '../../cluster/cluster.ts'
import { type Fault, type Field, during, met } from '../fault.ts'
import { busy } from '../steps.ts'

/** Sends are answered, but the answer never arrives: the sender cannot know, and asks the other server. */
export const ambiguousAnswers: Fault = {
  id: 'F10',
  name: 'ambiguous-answers',
  what: 'Answers of a chat-server are cut off after a few bytes; senders repeat at the other one.',
  variants: ['nothing-arrives', 'half-arrives'],
  smoke: ['nothing-arrives', 'half-arrives'],
  seconds: 4,
  evidence: 5,
  async run(field, variant) {
    const link = field.cluster.front[busy(field, chatNames)]
    const before = link.down.resets
    await during(field, { fault: 'F10', target: `${link.name} ${variant}` }, async () => {
      try {
        for (let n = 0; n < 12; n++) {
          // What is open has carried its answers; new connections are cut in their first one.
          link.set('down', {
            cutAfter: variant === 'half-arrives' ? field.random.between(20, 900) : 0,
          })
          link.reset()
          const target = link.down.resets + 2
          await until(() => link.down.resets >= target, { timeoutMs: 8000, what: 'cut answers' })
          link.heal()
          await delay(field.random.between(20, 150))
        }
      } finally {
        link.heal()
      }
      const count = link.down.resets - before
      met(field, 'F10', 'cut answers', count)
    })
  },
}

const names = ['F18', 'poor-network'] as const

/** A bad line rather than none. */
export const poorNetwork: Fault = {
  id: names[0],
  name: names[1],
  what: 'Links are slow, uneven or narrow, lose their connections or one direction of them.',
  variants: [
    'latency',
    'jitter',
    'narrow',
    'reset',
    'half-close',
    'cut-mid-stream',
    'slow-database',
  ],
  seconds: 2.5,
  evidence: 1,
  async run(field, variant) {
    const { cluster, random } = field
    const server = busy<ServerName>(
      field,
      variant === 'cut-mid-stream' ? notifyNames : variant === 'narrow' ? chatNames : serverNames,
    )
    const link = variant === 'slow-database' ? cluster.back[server] : cluster.front[server]
    const before = link.up.passedBytes + link.down.passedBytes
    await during(field, { fault: names[0], target: `${link.name} ${variant}` }, async () => {
      try {
        const count = await harm(field, server, variant)
        await delay(random.between(1000, 2000))
        const passed = link.up.passedBytes + link.down.passedBytes - before
        met(field, names[0], 'bytes under harm', passed)
        if (count > 0) met(field, names[0], 'broken', count)
      } finally {
        link.heal()
        cluster.back[server].heal()
      }
      await cluster.ready()
    })
  },
}

/** Returns how many connections it broke. */
async function harm({ cluster, random }: Field, server: ServerName, variant: string) {
  const link = cluster.front[server]
  const both = (change: Parameters<typeof link.set>[1]) => {
    link.set('up', change)
    link.set('down', change)
    return 0
  }
  switch (variant) {
    case 'latency':
      return both({ delayMs: 200 })
    case 'jitter':
      return both({ delayMs: 20, jitterMs: 200 })
    case 'narrow':
      return both({ bytesPerSecond: 20_000 })
    case 'reset':
      return link.reset()
    case 'half-close':
      return link.halfClose(random.pick(['up', 'down']))
    case 'cut-mid-stream':
      link.set('down', { cutAfter: random.between(200, 4000) })
      return link.connections
    case 'slow-database':
      cluster.back[server].set('up', { delayMs: 30, jitterMs: 60 })
      return 0
    default:
      throw new Error(`poor-network has no variant ${variant}`)
  }
}
