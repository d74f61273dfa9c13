import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { chatNames, notifyNames } from '../../cluster/cluster.ts'
import type { Link } from '../../network/link.ts'
import { type Fault, type Field, during, met } from '../fault.ts'
import { busy } from '../steps.ts'

/** How long nothing gets through, in milliseconds: longer than every time-out that should notice. */
const shortMs = [1500, 3000] as const
const longMs = [6000, 7500] as const

const directions = ['both', 'up', 'down', 'flapping', 'long'] as const

interface Partition {
  id: string
  name: string
  what: string
  slows: 'nothing' | 'partition'
  smoke: readonly string[]
  link(field: Field): Link
}

const partition = ({ id, name, what, slows, smoke, link }: Partition): Fault => ({
  id,
  name,
  what,
  variants: directions,
  smoke,
  seconds: 4,
  evidence: 1,
  async run(field, variant) {
    const one = link(field)
    const before = one.up.heldBytes + one.down.heldBytes
    await during(field, { fault: id, target: `${one.name} ${variant}`, slows }, async () => {
      await (variant === 'flapping' ? flap(field, one) : holdFor(field, one, variant))
      met(field, id, 'held bytes', one.up.heldBytes + one.down.heldBytes - before)
      await field.cluster.ready()
    })
  },
})

async function holdFor(field: Field, link: Link, variant: string): Promise<void> {
  const held = () => link.up.heldBytes + link.down.heldBytes
  const before = held()
  let stirredAt = performance.now()
  try {
    if (variant !== 'down') link.set('up', { held: true })
    if (variant !== 'up') link.set('down', { held: true })
    else stir(field)
    await until(
      () => {
        if (variant === 'up' && performance.now() - stirredAt > stirEveryMs) {
          stir(field)
          stirredAt = performance.now()
        }
        return held() > before
      },
      { timeoutMs: 20_000, what: `traffic on ${link.name}` },
    )
    const [least, most] = variant === 'long' ? longMs : shortMs
    await delay(field.random.between(least, most))
  } finally {
    link.heal()
  }
}

const stirEveryMs = 1500

/**
 * An open stream asks for nothing more: only who connects anew notices that this way is closed. Each
 * reader then chooses a server by chance, and some time one of them chooses this one.
 */
function stir({ cluster }: Field): void {
  for (const name of notifyNames) cluster.front[name].reset()
}

/** Comes and goes, which is worse for whoever has just decided what to do. */
async function flap({ random }: Field, link: Link): Promise<void> {
  try {
    for (let n = 0; n < 6; n++) {
      const held = n % 2 === 0
      link.set('up', { held })
      link.set('down', { held })
      await delay(random.between(100, 500))
    }
  } finally {
    link.heal()
  }
}

export const partitions: readonly Fault[] = [
  partition({
    id: 'F06',
    name: 'partition-chat-database',
    what: 'Nothing gets through between a chat-server and the database.',
    slows: 'partition',
    smoke: ['both', 'up', 'down'],
    link: ({ cluster, random }) => cluster.back[random.pick(chatNames)],
  }),
  partition({
    id: 'F07',
    name: 'partition-notify-database',
    what: 'Nothing gets through between a notify-server and the database.',
    slows: 'partition',
    smoke: ['both', 'up', 'down', 'long'],
    link: ({ cluster, random }) => cluster.back[random.pick(notifyNames)],
  }),
  partition({
    id: 'F08',
    name: 'partition-clients-chat',
    what: 'Nothing gets through between the clients and a chat-server.',
    slows: 'nothing',
    smoke: ['both', 'up', 'down'],
    link: (field) => field.cluster.front[busy(field, chatNames)],
  }),
  partition({
    id: 'F09',
    name: 'partition-clients-notify',
    what: 'Nothing gets through between the clients and a notify-server.',
    slows: 'nothing',
    smoke: ['both', 'up', 'down'],
    link: (field) => field.cluster.front[busy(field, notifyNames)],
  }),
]
