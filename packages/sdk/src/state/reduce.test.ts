import type { Event } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { step } from '../testing/history.ts'
import { type Logged, type World, createWorld, me } from '../testing/world.ts'
import { comparable } from './comparable.ts'
import { reduceAll } from './reduce.ts'
import { missingUsers, recount } from './repair.ts'
import { type State, fromBootstrap } from './state.ts'

const steps = fc.array(step, { maxLength: 30 })
const choices = fc.infiniteStream(fc.nat({ max: 1_000_000 }))

function play(before: Step[], after: Step[]) {
  const world = createWorld()
  for (const workspace of [true, false]) {
    const room = world.actions.found(workspace)
    for (const id of [2, me, 3]) world.actions.join(room, id)
  }
  for (const act of before) act(world)
  const bootstrap = world.bootstrap()
  const from = world.log.length
  for (const act of after) act(world)
  return { world, bootstrap, events: world.log.slice(from) }
}
type Step = (world: World) => void

/** Mixes the topics at will, keeps each one's order, and sends some events again later. */
function shuffle(logged: Logged[], next: () => number): Event[] {
  const queues = [...Map.groupBy(logged, ({ live }) => live.topic).values()]
  const out: Event[] = []
  for (let left = queues; left.length > 0; left = left.filter((queue) => queue.length > 0)) {
    const one = left[next() % left.length]?.shift()
    if (one) out.push(next() % 2 === 0 ? one.live : one.replayed)
    const again = out[next() % Math.max(1, out.length)]
    if (again && next() % 4 === 0) out.push(again)
  }
  return out
}

/** What an application does about chats whose events did not tell enough. */
const repaired = (state: State, world: World): State =>
  [...state.doubtful].reduce((now, id) => {
    const chat = world.chat(id)
    return chat ? recount(now, chat) : now
  }, state)

const pull = (stream: Iterator<number>) => () => {
  const { value } = stream.next()
  return typeof value === 'number' ? value : 0
}

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
