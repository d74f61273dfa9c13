import { until } from '@parley/core/testing/until'
import { type ServerName, chatNames, notifyNames } from '../../cluster/cluster.ts'
import { flood } from '../../load/flood.ts'
import { type Field, during, met } from '../fault.ts'
import { busy } from '../steps.ts'
import { MiB, leave } from './limits.ts'
import { unread } from './unread.ts'

/** How much more a server may take: each death is at another point of what it does. */
const rooms = [0, 4 * MiB, 12 * MiB]
/** Most of them stay with the server, of a megabyte each. */
const pages = 16
/** How long that may take, in milliseconds. */
const longest = 20_000

/** Servers die of the memory that they do not get, and are started again. */
export async function diesOfIt(field: Field): Promise<void> {
  for (const room of field.random.shuffled(rooms)) {
    await oneDeath(field, busy(field, chatNames), room, 'nothing')
    await oneDeath(field, busy(field, notifyNames), room, 'partition')
  }
}

async function oneDeath(
  field: Field,
  name: ServerName,
  room: number,
  slows: 'nothing' | 'partition',
): Promise<void> {
  const { cluster, load } = field
  const server = cluster.servers[name]
  const { single } = load.places
  await during(field, { fault: 'F30', target: `${name} dies`, slows }, async () => {
    let end: NodeJS.Signals | number | null | undefined
    void server.dies().then((how) => (end = how))
    const crowd = unread(server.port)
    const work = async () => {
      if (end !== undefined) return true
      // A user's streams are few: here they would take the place of the usual ones.
      const path = `/api/chats/${single}/messages?limit=100`
      if (slows === 'nothing') crowd.ask(path, load.people[0].main.token, pages)
      await flood(load, single, 10)
      return false
    }
    leave(server, room)
    await until(work, { timeoutMs: longest, what: `${name} to die of ${room / MiB} MiB more` })
    crowd.close()
    met(field, 'F30', `deaths by ${end}`)
    await server.start()
    await cluster.ready()
  })
}
