import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { chatNames, notifyNames } from '../../cluster/cluster.ts'
import { type Fault, during, met } from '../fault.ts'
import { busy } from '../steps.ts'

const id = 'F24'

/** So many more descriptors a server may open, and so many clients come at a time. */
const spare = 4
/** What the servers may open otherwise. */
const usual = 20_000
const crowd = 20

const openOf = (pid: number): number[] => readdirSync(`/proc/${pid}/fd`).map(Number)

/** The limit that leaves so many numbers free: a new descriptor takes the lowest one. */
function lowestWith(free: number, open: readonly number[]): number {
  const taken = new Set(open)
  let limit = 0
  for (let left = free; left > 0; limit++) if (!taken.has(limit)) left--
  return limit
}

/** The soft limit of a process that runs; prlimit(1) is part of util-linux. */
const limit = (pid: number, files: number): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`])

/** A client that connects and says nothing. */
function knock(port: number, onClosed: () => void): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.once('close', onClosed)
  return socket
}

export const descriptorExhaustion: Fault = {
  id,
  name: 'descriptor-exhaustion',
  what: 'A server has no descriptors left: it can take no client and make no connection to the database.',
  variants: ['chat', 'notify'],
  seconds: 5,
  evidence: 10,
  async run(field, variant) {
    const { cluster, random } = field
    const name = variant === 'chat' ? busy(field, chatNames) : busy(field, notifyNames)
    const { pid, port } = cluster.servers[name]
    if (pid === undefined) throw new Error(`${name} does not run`)
    const before = openOf(pid)
    await during(field, { fault: id, target: name, slows: 'partition' }, async () => {
      const sockets: Socket[] = []
      let refused = 0
      try {
        limit(pid, lowestWith(spare, before))
        const until = performance.now() + random.between(2500, 3500)
        while (performance.now() < until) {
          for (let n = 0; n < crowd; n++) sockets.push(knock(port, () => refused++))
          await delay(50)
          // What its clients and its pool let go of, the crowd takes.
          cluster.front[name].reset()
          cluster.back[name].reset()
          await delay(50)
        }
        met(field, id, 'connections that were not taken', refused)
      } finally {
        limit(pid, usual)
        for (const socket of sockets) socket.destroy()
      }
      await cluster.ready()
    })
    await until(() => openOf(pid).length <= before.length + spare + crowd, {
      what: `${name} to let go of its descriptors`,
    })
  },
}
