import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Fault, Field } from './fault.ts'

/** One fault in one of its ways. */
export interface Turn {
  fault: Fault
  variant: string
}

const turnsOf = (faults: readonly Fault[]): Turn[] =>
  faults.flatMap((fault) => fault.variants.map((variant) => ({ fault, variant })))

/** Every way of every fault once, in an order that the seed decides. */
export const shuffledTurns = (faults: readonly Fault[], random: Random): Turn[] =>
  random.shuffled(turnsOf(faults))

/** Between two faults, in milliseconds: sometimes hardly time to recover. */
const gapMs = [200, 1200] as const

/**
 * Plays the turns: those that go on for long beside the others, each kind one after the other.
 * `until` ends it before the next turn; a turn that has begun is finished.
 */
export async function play(
  field: Field,
  turns: readonly Turn[],
  until: AbortSignal,
): Promise<void> {
  const lane = async (own: readonly Turn[]) => {
    for (const { fault, variant } of own) {
      if (until.aborted) return
      try {
        await fault.run(field, variant)
      } catch (cause) {
        throw new Error(`${fault.id} ${fault.name} ${variant} could not be done`, { cause })
      }
      await delay(field.random.between(...gapMs), undefined, { signal: until }).catch(() => 0)
    }
  }
  await Promise.all([
    lane(turns.filter(({ fault }) => !fault.background)),
    lane(turns.filter(({ fault }) => fault.background)),
  ])
}
