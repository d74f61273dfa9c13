import { until } from '@parley/core/testing/until'
import { floodLong } from '../../load/flood.ts'
import { type Person, channelOf, signUp } from '../../load/people.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

/** So many of the longest messages are far more than all buffers on the way. */
const count = 320

export const hoard: Fault = {
  id: 'F51',
  name: 'hoard',
  what: 'Somebody stops reading while forty megabytes are sent to them: what is kept for them is measured.',
  variants: ['stopped'],
  smoke: ['stopped'],
  seconds: 15,
  evidence: 1,
  background: true,
  async run(field, variant) {
    const { cluster, load, recorder } = field
    const { person, chat } = await until(() => hoarder(field), {
      what: 'a new person while other faults happen',
      timeoutMs: 30_000,
    })
    const session = await load.signInAgain(person)
    const reader = await load.openReader(person, session, `${variant} ${person.name}`, true)
    load.readers.push(reader)
    await until(() => reader.live(), { what: 'a live stream at the side', timeoutMs: 20_000 })
    const sides = Object.values(cluster.side)
    const passed = () => sides.reduce((sum, { down }) => sum + down.passedBytes, 0)
    const before = passed()
    let last = Infinity
    await during(field, { fault: 'F51', target: reader.name, excuses: false }, async () => {
      for (const link of sides) link.set('down', { held: true })
      try {
        last = await floodLong(load, person, chat, count)
      } finally {
        for (const link of sides) link.heal()
      }
    })
    await until(() => reader.seqOf(`chat:${chat}`) >= last, {
      what: 'the reader to have all of it',
      timeoutMs: 30_000,
    }).catch(() => undefined)
    recorder.record({ type: 'backlog', reader: reader.name, bytes: passed() - before })
    met(field, 'F51', variant)
  },
}

/** Nobody else has to carry it: a person, and a channel, for this alone. */
async function hoarder({ cluster, recorder }: Field): Promise<{ person: Person; chat: number }> {
  const person = await signUp(cluster, `hoarder${recorder.number()}`, 'Acme')
  return { person, chat: await channelOf(person) }
}
