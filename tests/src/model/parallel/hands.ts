import fc from 'fast-check'
import { actor } from '../actions/arbitraries.ts'
import { type Action, pick } from '../actions/attempt.ts'
import { type Stage, actorOf, callerOf } from '../stage.ts'
import type { World } from '../world/world.ts'

/** What one of somebody's devices does, one thing after the other, while other hands do theirs. */
interface Hand {
  by: number
  server: number
  actions: Action[]
  /** Whether their stream breaks meanwhile. */
  cut: boolean
}

export const handsThat = (action: fc.Arbitrary<Action>): fc.Arbitrary<Hand[]> =>
  fc.array(
    fc.record({
      by: actor,
      server: fc.nat({ max: 1 }),
      actions: fc.array(action, { minLength: 1, maxLength: 8, size: 'max' }),
      cut: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6, size: 'max' },
  )

/** Sends and markers may be told to come again when somebody joins between two looks. */
const mayBeBusy = /^(?:sends|marks) /

/**
 * All hands at once. What each does is planned before, on what there is then; what comes of it nobody
 * can foretell, but it is never a fault of the server.
 */
export async function playAtOnce(stage: Stage, world: World, all: readonly Hand[]): Promise<void> {
  const play = async ({ by, server, actions, cut }: Hand, hand: number) => {
    const person = pick(world.people, by)
    if (!person) return
    const caller = callerOf(stage, person, server)
    const attempts = actions.flatMap((action) => action.plan(world, person) ?? [])
    if (cut) actorOf(stage, person).proxy.cut()
    for (const attempt of attempts) {
      const line = `hand ${hand}: ${person.name} ${attempt.text} (server ${server})`
      const outcome = await attempt.make(caller)
      stage.transcript.push(`${line}: ${outcome}`)
      const isFault = outcome.startsWith('5') && !mayBeBusy.test(attempt.text)
      if (isFault) throw new Error(`answers ${outcome}`)
    }
  }
  const played = await Promise.allSettled(all.map(play))
  for (const one of played) if (one.status === 'rejected') throw one.reason
}
