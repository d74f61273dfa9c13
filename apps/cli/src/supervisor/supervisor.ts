import { type Keeper, type Pace, keep } from './keeper.ts'
import type { Part } from './part.ts'

export interface Supervisor {
  /** Starts parts side by side and returns when all are ready; throws when one cannot start. */
  start(...parts: Part[]): Promise<void>
  /** Ends everything, what was started last first; parts that were started together end together. */
  stop(): Promise<void>
}

/** Keeps the parts of Parley running. Each is restarted by itself; the others go on. */
export function createSupervisor(report: (sentence: string) => void, pace?: Pace): Supervisor {
  const layers: Keeper[][] = []
  let stopping = false
  return {
    async start(...parts) {
      if (stopping) throw new Error('Parley is stopping')
      const layer = parts.map((part) => keep(part, report, pace))
      layers.push(layer)
      await Promise.all(layer.map(({ ready }) => ready))
    },
    async stop() {
      stopping = true
      for (const layer of layers.toReversed())
        await Promise.all(layer.map((keeper) => keeper.stop()))
    },
  }
}
