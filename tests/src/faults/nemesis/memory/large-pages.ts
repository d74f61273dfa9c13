import { chatNames } from '../../cluster/cluster.ts'
import { floodLong } from '../../load/flood.ts'
import { channelOf, signUp } from '../../load/people.ts'
import type { Field } from '../fault.ts'
import { busy } from '../steps.ts'
import { MiB, type Room } from './limits.ts'
import { underLimit } from './under-limit.ts'
import { unread } from './unread.ts'

/** At rest it needs a heap of 44 MiB; 34 are too little for a start. */
const room: Room = { heap: 72 * MiB, more: 160 * MiB }
/** As many as a page has. */
const messages = 100
const clients = 40
/** Each asks so many times without waiting: the system takes a few megabytes of what they do not read. */
const times = 8
const rounds = 2

/** Many ask for the largest pages and do not read them. Returns the bytes of all those pages. */
export async function largePages(field: Field): Promise<number> {
  const { cluster, load, recorder } = field
  const person = await signUp(cluster, `pages${recorder.number()}`, 'Acme')
  const chat = await channelOf(person)
  await floodLong(load, person, chat, messages)
  const path = `/api/chats/${chat}/messages?limit=${messages}`
  return underLimit(field, busy(field, chatNames), room, async ({ port }) => {
    const page = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${person.main.token}` },
    })
    if (!page.ok) throw new Error(`a page was answered with ${page.status}`)
    const { length } = await page.bytes()
    const crowd = unread(port)
    try {
      for (let round = 0; round < rounds; round++) {
        for (let n = 0; n < clients; n++) crowd.ask(path, person.main.token, times)
        for (let n = 0; n < clients; n++) crowd.ask('/api/bootstrap', person.main.token)
        await crowd.answered()
      }
      return length * clients * times * rounds
    } finally {
      crowd.close()
    }
  })
}
