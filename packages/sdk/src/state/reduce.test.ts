import fc from 'fast-check'
import { expect, test } from 'vitest'
import { step } from '../testing/history.ts'
import { play, pull, repaired, shuffle } from '../testing/playback.ts'
import { comparable } from './comparable.ts'
import { reduceAll } from './reduce.ts'
import { missingUsers } from './repair.ts'
import { fromBootstrap } from './state.ts'

const steps = fc.array(step, { maxLength: 30 })
const choices = fc.infiniteStream(fc.nat({ max: 1_000_000 }))

test('a bootstrap and the events after it make the next bootstrap, one by one', () => {
  fc.assert(
    fc.property(steps, steps, (before, after) => {
      const { world, bootstrap, events } = play(before, after)
      const state = reduceAll(
        fromBootstrap(bootstrap),
        events.map(({ live }) => live),
      )
      const fresh = fromBootstrap(world.bootstrap())
      expect(comparable(repaired(state, world))).toEqual(comparable(fresh))
      expect(missingUsers(state)).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test('topics may come in any order against each other, events twice, and erased', () => {
  fc.assert(
    fc.property(steps, steps, choices, (before, after, order) => {
      const { world, bootstrap, events } = play(before, after)
      const state = reduceAll(
        fromBootstrap(bootstrap),
        shuffle(events, pull(order[Symbol.iterator]())),
      )
      const fresh = fromBootstrap(world.bootstrap())
      expect(comparable(repaired(state, world))).toEqual(comparable(fresh))
    }),
    { numRuns: 3000 },
  )
})

test('events from before the bootstrap change nothing', () => {
  fc.assert(
    fc.property(steps, steps, choices, (before, after, order) => {
      const { world } = play(before, after)
      const fresh = fromBootstrap(world.bootstrap())
      const state = reduceAll(fresh, shuffle(world.log.slice(), pull(order[Symbol.iterator]())))
      expect(comparable(state)).toEqual(comparable(fresh))
    }),
    { numRuns: 500 },
  )
})
