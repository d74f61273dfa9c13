import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Fault, Field } from './fault.ts'

/** One fault in one of its ways. */
export interface Turn {
  fault: Fault
  variant: string
}

/** Every way of every fault once, in an order that the seed decides. */
export const shuffledTurns = (faults: readonly Fault[], random: Random): Turn[] =>
  random.shuffled(faults.flatMap((fault) => fault.variants.map((variant) => ({ fault, variant }))))

/** Between two faults, in milliseconds: sometimes hardly time to recover. */
const gapMs = [200, 1200] as const

/**
 * Deals turns out so that all runs take about the same time. Those of the background go round, and
 * a run whose background is long gets more of the others.
 */
export function deal(turns: readonly Turn[], runs: number): Turn[][] {
  const hands = Array.from({ length: runs }, () => ({ turns: [] as Turn[], front: 0, back: 0 }))
  const secondsOf = (turn: Turn) => turn.fault.seconds
  const give = (
    turn: Turn,
    lane: 'front' | 'back',
    cost: (hand: (typeof hands)[number]) => number,
  ) => {
    const [hand] = hands.toSorted((a, b) => cost(a) - cost(b))
    hand?.turns.push(turn)
    if (hand) hand[lane] += secondsOf(turn)
  }
  const longest = turns.toSorted((a, b) => secondsOf(b) - secondsOf(a))
  for (const turn of longest) if (turn.fault.background) give(turn, 'back', ({ back }) => back)
  // What fits beside the background costs nothing.
  for (const turn of longest) {
    if (turn.fault.background) continue
    give(turn, 'front', ({ front, back }) =>
      front + secondsOf(turn) <= back ? front - 1000 : front + secondsOf(turn),
    )
  }
  return hands.map(({ turns }) => turns)
}

/**
 * Plays the turns: those that go on for long beside the others, each kind one after the other. With
 * `seconds`, it begins again until they have passed, or ends before all had theirs; a turn that has
 * begun is finished. Returns those that were played.
 */
export async function play(field: Field, turns: readonly Turn[], seconds = 0): Promise<Turn[]> {
  const played: Turn[] = []
  const deadline = performance.now() + seconds * 1000
  const failed = new AbortController()
  const over = () => failed.signal.aborted || (seconds > 0 && performance.now() > deadline)
  const lane = async (own: readonly Turn[]) => {
    try {
      do {
        for (const turn of own) {
          await playOne(field, turn)
          played.push(turn)
          await delay(field.random.between(...gapMs))
          if (over()) return
        }
      } while (own.length > 0 && performance.now() < deadline)
    } catch (error) {
      failed.abort()
      throw error
    }
  }
  const lanes = await Promise.allSettled([
    lane(turns.filter(({ fault }) => !fault.background)),
    lane(turns.filter(({ fault }) => fault.background)),
  ])
  for (const one of lanes) if (one.status === 'rejected') throw one.reason
  return played
}

async function playOne(field: Field, { fault, variant }: Turn): Promise<void> {
  try {
    await fault.run(field, variant)
  } catch (cause) {
    throw new Error(`${fault.id} ${fault.name} ${variant} could not be done`, { cause })
  }
}
