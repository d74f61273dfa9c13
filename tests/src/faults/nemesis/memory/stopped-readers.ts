import { setTimeout as delay } from 'node:timers/promises'
import { notifyNames } from '../../cluster/cluster.ts'
import { floodLong, longBytes } from '../../load/flood.ts'
import { channelOf, signUp } from '../../load/people.ts'
import type { Field } from '../fault.ts'
import { busy } from '../steps.ts'
import { MiB, type Room } from './limits.ts'
import { underLimit } from './under-limit.ts'
import { unread } from './unread.ts'

/** At rest it needs a heap of 26 MiB; 20 are too little for a start. */
const room: Room = { heap: 48 * MiB, more: 96 * MiB }
/** A user has 20 streams at most. */
const people = 3
const streamsEach = 18
const messages = 150

/** Many stop to read in the middle of a flood. Returns the bytes that there were for them in all. */
export async function stoppedReaders(field: Field): Promise<number> {
  const { cluster, load, recorder } = field
  const name = busy(field, notifyNames)
  const number = recorder.number()
  const sender = await signUp(cluster, `crowd${number}`, 'Acme')
  const others = await Promise.all(
    Array.from({ length: people }, (_, n) => signUp(cluster, `crowd${number}-${n}`, 'Acme')),
  )
  const chat = await channelOf(sender, others)
  return underLimit(field, name, room, async ({ port }) => {
    const crowd = unread(port)
    try {
      for (const { main } of others)
        for (let n = 0; n < streamsEach; n++) crowd.ask('/events', main.token)
      await crowd.answered()
      await floodLong(load, sender, chat, messages)
      // Those who do not read are borne for 15 s.
      await delay(3000)
      return messages * longBytes * crowd.asked
    } finally {
      crowd.close()
    }
  })
}
