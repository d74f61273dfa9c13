import { setTimeout as delay } from 'node:timers/promises'
import { notifyNames } from '../../cluster/cluster.ts'
import { caughtUp, recordCrowd, talk, tooFewDescriptors } from '../crowd.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F31'

const perPerson = 2
/** Each message is one for every stream. */
const wordEveryMs = 1000

export const returningStreams: Fault = {
  id,
  name: 'returning-streams',
  what: 'Of ten thousand streams those of a server come back at once, or all of them, while somebody speaks.',
  variants: ['killed', 'restarted', 'cut'],
  seconds: 30,
  alone: true,
  evidence: 2_000,
  missing: tooFewDescriptors,
  async run(field, variant) {
    const { crowds } = field
    const { square } = await crowds.gather(perPerson)
    const { seq: from } = await caughtUp(field, square.chat)
    await crowds.ask('begin')
    const quiet = new AbortController()
    const talking = talk(field, square.chat, wordEveryMs, quiet.signal)
    const back = await during(field, { fault: id, target: variant }, async () => {
      try {
        await delay(1000)
        await strike(field, variant)
        await delay(1000)
        await caughtUp(field, square.chat)
      } finally {
        quiet.abort()
        await talking
      }
      return caughtUp(field, square.chat)
    })
    recordCrowd(field, { fault: id, target: variant, chat: square.chat, from }, back)
    met(field, id, 'streams that came back', back.seen.counts.returned)
    met(field, id, 'events that came again to them', back.seen.counts.replayed)
  },
}

async function strike({ cluster, crowds }: Field, variant: string): Promise<void> {
  if (variant === 'cut') {
    await crowds.ask('cut')
    return
  }
  // After a fault most are at the other one.
  const [first, second] = notifyNames
  const name = crowds.openAt(first) > crowds.openAt(second) ? first : second
  const server = cluster.servers[name]
  if (variant === 'killed') await server.kill()
  else await server.stop()
  await server.start()
}
