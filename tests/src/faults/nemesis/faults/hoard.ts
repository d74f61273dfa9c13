import { makeNonce } from '@parley/sdk'
import { until } from '@parley/core/testing/until'
import { digest } from '../../history/recorder.ts'
import { type Person, signUp } from '../../load/people.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

/** The longest message there can be, 128 kB, so often that it is far more than all buffers on the way. */
const long = '🙂'.repeat(31_900)
const count = 320
const atOnce = 8

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
        last = await flood(field, person, chat)
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
  const [at] = person.main.at
  if (!at) throw new Error('a session that knows no server')
  const body = { type: 'private_channel', name: person.name } as const
  return { person, chat: (await at.client.createChat({ body })).id }
}

/** Returns the seq of the last message. */
async function flood({ load }: Field, person: Person, chat: number): Promise<number> {
  let left = count
  let last = 0
  const one = async (n: number) => {
    while (left-- > 0) {
      const nonce = makeNonce()
      const content = `${nonce} ${long}`
      const text = digest(content)
      person.contents.set(text, content)
      const { messages } = await load.call(
        person,
        person.main,
        { does: 'send', chat, nonce, text },
        n,
      )
      last = Math.max(last, messages?.[0]?.seq ?? 0)
      person.contents.delete(text)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, n) => one(n)))
  return last
}
