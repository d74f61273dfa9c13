import type { AsyncCommand } from 'fast-check'
import fc from 'fast-check'
import type { Action } from './actions/attempt.ts'
import { pick } from './actions/attempt.ts'
import { actor } from './actions/arbitraries.ts'
import { type Stage, callerOf } from './stage.ts'
import type { Person, World } from './world/world.ts'

/** Something that happens in a sequence. */
export interface Step {
  /** Says what it will do; undefined where there is nothing to do it with. */
  plan(world: World, by: Person): { text: string; run: Run } | undefined
}
type Run = (stage: Stage, server: number) => Promise<string>

/** A call as a step: the world foretells what comes of it. */
export const call = (action: Action): Step => ({
  plan(world, by) {
    const attempt = action.plan(world, by)
    return (
      attempt && {
        text: attempt.text,
        run: (stage, server) => attempt.prove(callerOf(stage, by, server)),
      }
    )
  },
})

/** A step of somebody, by one of the chat-servers. */
class Command implements AsyncCommand<World, Stage> {
  readonly #by: number
  readonly #server: number
  readonly #step: Step

  constructor(by: number, server: number, step: Step) {
    this.#by = by
    this.#server = server
    this.#step = step
  }

  check(world: World): boolean {
    return this.#plan(world) !== undefined
  }

  async run(world: World, stage: Stage): Promise<void> {
    const planned = this.#plan(world)
    if (!planned) return
    const line = `${pick(world.people, this.#by)?.name} ${planned.text} (server ${this.#server})`
    const at = stage.transcript.push(line) - 1
    const outcome = await planned.run(stage, this.#server)
    stage.transcript[at] = `${line}: ${outcome}`
  }

  toString(): string {
    return `a step of person ${this.#by}`
  }

  #plan(world: World) {
    const by = pick(world.people, this.#by)
    return by && this.#step.plan(world, by)
  }
}

export const commandOf = (step: fc.Arbitrary<Step>): fc.Arbitrary<AsyncCommand<World, Stage>> =>
  fc.tuple(actor, fc.nat({ max: 1 }), step).map(([by, server, one]) => new Command(by, server, one))
