import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type ServerName, serverNames } from '../../cluster/cluster.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

/** The process and all its children: PostgreSQL works in those. */
function family(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return (
        / \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/.*\)/, ''))?.[1] ===
        String(pid)
      )
    } catch {
      return false
    }
  })
  return [pid, ...children.map(Number)]
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  let reached = 0
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
      reached++
    } catch {
      // It has ended meanwhile.
    }
  }
  return reached
}

export const pauses: Fault = {
  id: 'F17',
  name: 'pause',
  what: 'A process is stopped with SIGSTOP for seconds and goes on: its clock has jumped, its peers may have given it up.',
  variants: ['chat-1', 'notify-1', 'database', 'chat-2', 'notify-2'],
  seconds: 3.5,
  evidence: 1,
  async run(field, variant) {
    const { cluster, random } = field
    const name = serverNames.find((one) => one === variant)
    const pid = name ? cluster.servers[name].pid : cluster.database.pid
    const slows = variant.startsWith('chat') ? 'nothing' : 'partition'
    await during(field, { fault: 'F17', target: variant, slows }, async () => {
      const pids = pid === undefined ? [] : name ? [pid] : family(pid)
      const count = signalAll(pids, 'SIGSTOP')
      try {
        await delay(random.between(1000, 3500))
      } finally {
        signalAll(pids, 'SIGCONT')
      }
      met(field, 'F17', 'stopped processes', count)
      await cluster.ready()
    })
  },
}

/** SIGTERM to one after the other, as a deployment does, while everybody goes on. */
export const rollingRestart: Fault = {
  id: 'F21',
  name: 'rolling-restart',
  what: 'All servers are stopped in order and started again, one by one, under load.',
  variants: ['one-by-one'],
  seconds: 7,
  evidence: 4,
  async run(field) {
    const { cluster } = field
    await during(field, { fault: 'F21', target: 'all servers' }, async () => {
      for (const name of serverNames) await restart(field, name)
      await cluster.ready()
    })
    met(field, 'F21', 'restarts', serverNames.length)
  },
}

async function restart({ cluster }: Field, name: ServerName): Promise<void> {
  const code = await cluster.servers[name].stop()
  if (code !== 0) throw new Error(`${name} ended with ${code} after SIGTERM`)
  await cluster.servers[name].start()
}
