import type { Plan } from '../history/entry.ts'
import { faults } from '../nemesis/all.ts'
import type { Fault } from '../nemesis/fault.ts'
import { type Turn, deal, shuffledTurns } from '../nemesis/schedule.ts'
import { createRandom } from '../random.ts'
import { kept } from './kept.ts'
import type { ProfileName } from './options.ts'

/** A run as it is to be: what happens in it, in this order. */
export interface Battle {
  plan: Plan
  turns: Turn[]
}

const clients = 8
const smokeSeeds = [1, 2, 3, 4, 5]

/** What CI runs: every way of the faults that are part of it, dealt out over the seeds. */
function smoke(): Battle[] {
  const turns = faults.flatMap((fault) =>
    (fault.smoke ?? []).map((variant) => ({ fault, variant })),
  )
  return deal(turns, smokeSeeds.length).map((hand, at) => {
    const seed = smokeSeeds[at] ?? 0
    return battle(seed, createRandom(seed).shuffled(hand), 'smoke')
  })
}

/** Every way of every fault, each fault by itself, then all that go together, and what was red once. */
function full(): Battle[] {
  const single = faults.map((fault, at) => {
    const seed = 101 + at
    return battle(seed, shuffledTurns([fault], createRandom(seed)), 'full')
  })
  const mixed = deal(
    shuffledTurns(
      faults.filter(({ alone }) => !alone),
      createRandom(7),
    ),
    8,
  ).map((hand, at) => {
    const seed = 201 + at
    return battle(seed, createRandom(seed).shuffled(hand), 'full')
  })
  const again = kept.map(({ seed, faults: ids }) => {
    const chosen = faults.filter(({ id }) => ids.includes(id))
    return battle(seed, shuffledTurns(chosen, createRandom(seed)), 'full')
  })
  return [...single, ...mixed, ...again]
}

function battle(seed: number, turns: Turn[], profile: ProfileName): Battle {
  const ids = [...new Set(turns.map(({ fault }) => fault.id))].toSorted()
  return { plan: { seed, faults: ids, seconds: 0, clients, profile }, turns }
}

export const battlesOf = (profile: ProfileName): Battle[] =>
  profile === 'smoke' ? smoke() : full()

/** What somebody asked for by hand. */
export function ownBattle(plan: Plan, chosen: readonly Fault[]): Battle {
  return { plan, turns: shuffledTurns(chosen, createRandom(plan.seed)) }
}
