import { setTimeout as delay } from 'node:timers/promises'
import { makeNonce } from '@parley/sdk'
import { until } from '@parley/core/testing/until'
import { type ServerName, chatNames, notifyNames } from '../../cluster/cluster.ts'
import { digest } from '../../history/recorder.ts'
import { type Fault, type Field, during, met } from '../fault.ts'
import { busy } from '../steps.ts'

const id = 'F29'
const hour = 3_600_000

/** By how many milliseconds, and the kinds of servers whose clock it is. */
const jumps = {
  'chat-ahead': 2 * hour,
  'chat-behind': -2 * hour,
  'notify-ahead': 2 * hour,
  'notify-behind': -2 * hour,
} as const

const isJump = (variant: string): variant is keyof typeof jumps => Object.hasOwn(jumps, variant)

export const clockJumps: Fault = {
  id,
  name: 'clock-jump',
  what: 'The clock of one server is set two hours ahead or back, and right again; nobody notices.',
  variants: ['chat-ahead', 'chat-behind', 'notify-ahead', 'notify-behind'],
  seconds: 6,
  evidence: 4,
  async run(field, variant) {
    if (!isJump(variant)) throw new Error(`no way to jump: ${variant}`)
    const { cluster, random } = field
    const name = variant.startsWith('chat') ? busy(field, chatNames) : busy(field, notifyNames)
    const server = cluster.servers[name]
    await during(field, { fault: id, target: name, excuses: false }, async () => {
      try {
        server.setClock(jumps[variant])
        await signInBy(field, name)
        await delay(random.between(1500, 3000))
      } finally {
        server.setClock(0)
      }
      // What was begun by the wrong clock lives on under the right one.
      await signInBy(field, name)
    })
  },
}

/** Somebody signs in, at the server where the clock is wrong if it can be; all servers take the token. */
async function signInBy(field: Field, wrong: ServerName): Promise<void> {
  const { load, random } = field
  const person = random.pick(load.people)
  const at = chatNames.filter((name) => !wrong.startsWith('chat') || name === wrong)
  const session = await load.signInAgain(person, at)
  const reader = await load.openReader(person, session, `${person.name} at ${session.id}`)
  load.readers.push(reader)
  await until(() => reader.live(), { what: 'a live stream while a clock is wrong' })
  for (const server of chatNames.keys()) {
    const nonce = makeNonce()
    const content = `${nonce} at another time`
    const text = digest(content)
    person.contents.set(text, content)
    const action = { does: 'send', chat: load.places.hall, nonce, text } as const
    const { outcome } = await load.call(person, session, action, server)
    met(field, id, `sends, ${outcome}`, outcome === 'ok' ? 1 : 0)
  }
}
