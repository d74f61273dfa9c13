import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { expectAgreement, expectStreams } from './agreement/agreement.ts'
import { commandOf } from './command.ts'
import { play } from './play.ts'
import { expectPassed, replayed, runs, timeout } from './runs.ts'
import { anyStep } from './steps/all.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 })
})
afterAll(() => stack.stop())

const commands = fc.commands([commandOf(anyStep)], {
  maxCommands: 120,
  size: 'max',
  ...replayed().commands,
})

test(
  'whatever several people do one after the other, everybody sees what the model says',
  async () => {
    const property = fc.asyncProperty(commands, (sequence) =>
      play(
        stack,
        (real, model) => fc.asyncModelRun(() => ({ model, real }), sequence),
        async (stage, world) => {
          await expectAgreement(stage, world)
          await expectStreams(stage, world)
        },
      ),
    )
    expectPassed(await fc.check(property, { numRuns: runs(8), ...replayed().parameters }))
  },
  timeout,
)
