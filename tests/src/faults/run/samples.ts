import { readFileSync, readdirSync } from 'node:fs'
import { type Cluster, serverNames } from '../cluster/cluster.ts'
import type { Crowds } from '../crowd/crowd.ts'
import type { Recorder } from '../history/recorder.ts'

const everyMs = 1000
/** A server that has just begun holds little, and is no measure of what it may hold later. */
const warmMs = 3000

export interface Samples {
  /** Writes down, of those that run, also what they hold when all that can be collected is. */
  thorough(): Promise<void>
  stop(): void
}

/** Writes down, each second, what the servers' processes hold. Linux tells. */
export function startSamples(cluster: Cluster, crowds: Crowds, recorder: Recorder): Samples {
  const now = () => {
    for (const name of serverNames) {
      const { pid, age } = cluster.servers[name]
      if (age > warmMs) sample(recorder, name, { pid, crowd: crowds.openAt(name) })
    }
  }
  const timer = setInterval(now, everyMs)
  return {
    async thorough() {
      for (const name of serverNames) {
        const held = await cluster.servers[name].held()
        sample(recorder, name, {
          pid: cluster.servers[name].pid,
          crowd: crowds.openAt(name),
          held,
        })
      }
    },
    stop: () => clearInterval(timer),
  }
}

interface Seen {
  pid: number | undefined
  crowd: number
  held?: number | undefined
}

function sample(recorder: Recorder, process: string, { pid, crowd, held }: Seen): void {
  if (pid === undefined) return
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    const descriptors = readdirSync(`/proc/${pid}/fd`).length
    if (kilobytes === undefined) return
    recorder.record({
      type: 'sample',
      process,
      pid,
      rss: Number(kilobytes) * 1024,
      ...(held === undefined ? {} : { held }),
      descriptors,
      ...(crowd > 0 ? { crowd } : {}),
    })
  } catch {
    // It ended while we looked.
  }
}
