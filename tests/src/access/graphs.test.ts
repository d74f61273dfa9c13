import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { runGraphs, summary } from './graphs/run.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

const seed = 20261126

test('AZ-12, AZ-13, AZ-14: whoever comes and goes where, everybody sees what the reference says', async () => {
  const report = await runGraphs(stack, { graphs: 120, seed })
  process.stdout.write(summary(report, seed))
  expect(report.failure).toBeUndefined()
}, 120_000)
