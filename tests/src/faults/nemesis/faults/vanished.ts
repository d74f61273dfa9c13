import { readdirSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { until } from '@parley/core/testing/until'
import { notifyNames } from '../../cluster/cluster.ts'
import { flood } from '../../load/flood.ts'
import type { Person } from '../../load/people.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F26'

/** Of each person at each server. */
const each = 2
/** Messages of 30 kB: more than all buffers on the way hold, of the system too. */
const much = 300
/** Longer than a reader is borne who takes nothing, in milliseconds. */
const patience = 30_000

export const vanishedClients: Fault = {
  id,
  name: 'vanished-clients',
  what: 'Dozens of clients with open streams are gone without a word, while much is sent to them.',
  variants: ['without-fin'],
  seconds: 35,
  background: true,
  evidence: 30,
  async run(field) {
    const { cluster, load } = field
    const links = Object.values(cluster.side)
    await during(field, { fault: id, target: 'side links', excuses: false }, async () => {
      const before = descriptors(field)
      const sockets: Socket[] = []
      try {
        for (const name of notifyNames) {
          for (const person of load.people) {
            for (let n = 0; n < each; n++) {
              sockets.push(await openStream(cluster.side[name].port, person))
            }
          }
        }
        for (const link of links) {
          link.set('up', { held: true })
          link.set('down', { held: true })
        }
        for (const socket of sockets) socket.destroy()
        await flood(load, load.places.hall, much)
        // Nothing tells the servers but that nobody reads.
        await until(() => descriptors(field) <= before + sockets.length / 4, {
          timeoutMs: patience,
          what: 'servers to let go of those who are gone',
        })
        met(field, id, 'clients that are gone', sockets.length)
      } finally {
        for (const link of links) link.heal()
        for (const socket of sockets) socket.destroy()
      }
    })
  },
}

function descriptors({ cluster }: Field): number {
  const pids = notifyNames.map((name) => cluster.servers[name].pid)
  return pids.reduce<number>(
    (sum, pid) => sum + (pid ? readdirSync(`/proc/${pid}/fd`).length : 0),
    0,
  )
}

/** Returns when the stream is live; another fault may be in its way. */
const openStream = (port: number, person: Person): Promise<Socket> =>
  until(() => tryStream(port, person), {
    what: 'a stream of somebody who will vanish',
    timeoutMs: 30_000,
  })

async function tryStream(port: number, { main }: Person): Promise<Socket | undefined> {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => (text = (text + bytes.toString('latin1')).slice(-4000)))
  socket.write(
    `GET /events HTTP/1.1\r\nHost: parley\r\nAuthorization: Bearer ${main.token}\r\n\r\n`,
  )
  const live = () => text.includes('event: ready')
  await until(() => live() || socket.closed, { timeoutMs: 5000 }).catch(() => undefined)
  if (live()) return socket
  socket.destroy()
  return undefined
}
