import { readFileSync, readdirSync } from 'node:fs'
import { type Cluster, serverNames } from '../cluster/cluster.ts'
import type { Crowds } from '../crowd/crowd.ts'
import type { Recorder } from '../history/recorder.ts'

const everyMs = 1000
/** A server that has just begun holds little, and is no measure of what it may hold later. */
const warmMs = 3000

/** Writes down, each second, what the servers' processes hold. Linux tells. */
export function startSamples(
  cluster: Cluster,
  crowds: Crowds,
  recorder: Recorder,
): { now(): void; stop(): void } {
  const now = () => {
    for (const name of serverNames) {
      const { pid, age } = cluster.servers[name]
      if (age > warmMs) sample(recorder, name, pid, crowds.openAt(name))
    }
  }
  const timer = setInterval(now, everyMs)
  return { now, stop: () => clearInterval(timer) }
}

function sample(recorder: Recorder, process: string, pid: number | undefined, crowd: number): void {
  if (pid === undefined) return
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    const descriptors = readdirSync(`/proc/${pid}/fd`).length
    if (kilobytes === undefined) return
    const rss = Number(kilobytes) * 1024
    const more = crowd > 0 ? { crowd } : {}
    recorder.record({ type: 'sample', process, pid, rss, descriptors, ...more })
  } catch {
    // It ended while we looked.
  }
}
