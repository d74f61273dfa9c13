import type { Limits } from '../limits.ts'
import { type Child, startChild } from './child.ts'

/** The processes there are: started when one is wanted, replaced when one is no longer fit for it. */
export interface Crew {
  take(): Promise<Child>
  /** Unless it is `well`, it ends: one that was refused memory may lack it for the next file too. */
  giveBack(child: Child, well: boolean): Promise<void>
  end(): Promise<void>
}

export function createCrew(limits: Limits): Crew {
  const idle = new Set<Child>()
  const all = new Set<Child>()
  const starting = new Set<Promise<Child>>()
  let ended = false

  async function leave(child: Child): Promise<void> {
    idle.delete(child)
    all.delete(child)
    await child.end()
  }

  async function begin(): Promise<Child> {
    const child = await startChild(limits)
    if (!ended) {
      all.add(child)
      return child
    }
    await child.end()
    throw new Error('Closed before its process was there.')
  }

  return {
    async take() {
      for (const child of idle) {
        idle.delete(child)
        if (child.alive()) return child
        all.delete(child)
      }
      const start = begin()
      starting.add(start)
      return start.finally(() => starting.delete(start))
    },
    async giveBack(child, well) {
      const jobs = child.jobs()
      if (ended || !well || !child.alive() || jobs >= limits.jobsPerChild) return leave(child)
      idle.add(child)
      setTimeout(() => {
        if (idle.has(child) && child.jobs() === jobs) void leave(child)
      }, limits.idleMs).unref()
    },
    async end() {
      ended = true
      await Promise.all([...[...all].map(leave), Promise.allSettled(starting)])
    },
  }
}
