import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { call, commandOf } from './command.ts'
import { handsThat, playAtOnce } from './parallel/hands.ts'
import { expectInvariants } from './parallel/invariants.ts'
import { play } from './play.ts'
import { expectPassed, replayed, runs, timeout } from './runs.ts'
import { anyAction, comingAndGoing } from './steps/all.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 })
})
afterAll(() => stack.stop())

/** What was there before, done one after the other. */
const before = fc.commands([commandOf(anyAction.map(call))], {
  maxCommands: 20,
  size: 'max',
  ...replayed().commands,
})

/** The same again may go well: what was seen is told as it was. */
const once = { endOnFailure: true, ...replayed().parameters }

test(
  'whatever several people do at the same time, everything follows from the log',
  async () => {
    const property = fc.asyncProperty(before, handsThat(anyAction), (sequence, hands) =>
      play(
        stack,
        async (real, model) => {
          await fc.asyncModelRun(() => ({ model, real }), sequence)
          await playAtOnce(real, model, hands)
        },
        expectInvariants,
      ),
    )
    expectPassed(await fc.check(property, { numRuns: runs(7), ...once }))
  },
  timeout,
)

test(
  'whoever comes and goes while others open and close, nobody is where they must not be',
  async () => {
    const property = fc.asyncProperty(handsThat(comingAndGoing), (hands) =>
      play(stack, (stage, world) => playAtOnce(stage, world, hands), expectInvariants),
    )
    expectPassed(await fc.check(property, { numRuns: runs(14), ...once }))
  },
  timeout,
)
