import { setTimeout as delay } from 'node:timers/promises'
import { personOf } from '../../crowd/people.ts'
import { move } from '../../load/mover.ts'
import type { Person } from '../../load/people.ts'
import { write } from '../../load/writer.ts'
import { caughtUp, recordCrowd, tooFewDescriptors } from '../crowd.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F32'

const perPerson = 1
const forMs = 10_000
/** The pauses of each writer, of who removes and adds, and between the looks at the chat. */
const pauseMs = { writer: [300, 700], mover: [400, 1200], visitor: 300 } as const

export const crowdedChat: Fault = {
  id,
  name: 'crowded-chat',
  what: 'A dozen people write, edit and delete in a chat of five thousand, who follow it all, and some come and go.',
  variants: ['everybody'],
  seconds: 35,
  alone: true,
  evidence: 100_000,
  missing: tooFewDescriptors,
  async run(field, variant) {
    const { cluster, crowds } = field
    const { square, members } = await crowds.gather(perPerson)
    const { chat } = square
    const own = members.slice(0, 8).map((member) => personOf(cluster, member))
    const { seq: from } = await caughtUp(field, chat)
    await crowds.ask('begin')
    const target = variant
    const [calls, all] = await during(field, { fault: id, target, excuses: false }, async () => {
      const calls = await bustle(field, chat, own)
      return [calls, await caughtUp(field, chat)] as const
    })
    recordCrowd(field, { fault: id, target, chat, from, calls }, all)
    met(field, id, 'events that came to the crowd', all.seen.counts.events)
    met(field, id, 'calls of one of the crowd', calls.count)
  },
}

/** Returns what some of the crowd asked meanwhile. */
async function bustle({ load, random }: Field, chat: number, own: readonly Person[]) {
  const over = new AbortController()
  const until = over.signal
  const [owner, ...others] = load.people
  const [first, second, third, ...rest] = own
  if (!first || !second || !third) throw new Error('a crowd of few')
  const writers = [owner, ...others, ...rest].map((person) =>
    write({
      person,
      chats: [chat],
      call: load.call,
      random: random.fork(`square ${person.name}`),
      pauseMs: pauseMs.writer,
      until,
    }),
  )
  const moved = [first, second] as const
  const moving = move({
    owner,
    people: moved,
    chats: [chat],
    call: load.call,
    random: random.fork('square'),
    pauseMs: pauseMs.mover,
    until,
  })
  const visiting = visit(third, chat, until)
  await delay(forMs)
  over.abort()
  await Promise.all([...writers, moving])
  for (const { id: user } of moved) {
    await load.call(owner, owner.main, { does: 'add', chat, user }, 0)
  }
  return visiting
}

/** One of them opens Parley, again and again, and leafs through the list of who is there. */
async function visit({ main }: Person, chat: number, until: AbortSignal) {
  const calls = { count: 0, failed: 0 }
  const failed = () => void calls.failed++
  const [at] = main.at
  if (!at) throw new Error('a session that knows no server')
  let last: number | undefined
  while (!until.aborted) {
    await at.client.getBootstrap().catch(failed)
    await at.client.getChat({ params: { id: chat } }).catch(failed)
    const query = { limit: 100, ...(last === undefined ? {} : { after: last }) }
    const page = await at.client.listChatMembers({ params: { id: chat }, query }).catch(failed)
    calls.count += 3
    last = page?.has_more ? page.members.at(-1)?.id : undefined
    await delay(pauseMs.visitor, undefined, { signal: until }).catch(() => undefined)
  }
  return calls
}
