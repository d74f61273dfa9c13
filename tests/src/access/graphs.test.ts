import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { groupWith, step } from './graphs/graph.ts'
import { runGraphs, summary } from './graphs/run.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

const seed = 20261126

test('AZ-12, AZ-13, AZ-14: whoever comes and goes where, everybody sees what the reference says', async () => {
  const report = await runGraphs(stack, { graphs: 200, seed, shrink: false })
  process.stdout.write(summary(report, seed))
  expect(report.failure).toBeUndefined()
}, 300_000)

test('AZ-14: a marker that was moved back counts nothing that was hidden since', async () => {
  const moved = groupWith(
    'all',
    step('say', 2, 0),
    step('join', 2, 0),
    step('read', 2, 2),
    step('hide', 2, 0),
    step('say', 2, 1),
  )
  const report = await runGraphs(stack, { graphs: 1, seed, lanes: 1, examples: [moved] })
  expect(report.failure).toBeUndefined()
})
