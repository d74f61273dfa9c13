import { expect, test } from 'vitest'
import { check } from './check.ts'
import { cleanHistory } from './fixtures/history.ts'
import { type Minima, shortfalls, verdict } from './vacuity.ts'

const history = cleanHistory({ seed: 1, seconds: 3, clients: 5 })
const report = check(history)

test('a run that met enough has passed', () => {
  const minima: Minima = { every: { okSends: 10 }, 'kill notify': { evidence: 1, resyncs: 0 } }
  expect(verdict(report, minima)).toBe('passed')
})

test('a run that met too little is inconclusive, and says of what', () => {
  const minima: Minima = { every: { okSends: 1e6 }, 'kill notify': { evidence: 1e6 } }
  expect(verdict(report, minima)).toBe('inconclusive')
  expect(shortfalls(report, minima)).toEqual([
    `a run has at least 1000000 okSends; this one had ${report.counters.okSends}.`,
    `a run with kill notify has at least 1000000 evidence; this one had ${report.evidence['kill notify']}.`,
  ])
})

test('what faults must meet is asked of runs with those faults only', () => {
  expect(shortfalls(report, { 'another fault': { evidence: 1 } })).toEqual([])
})

test('a run with a violation has failed, however much it met', () => {
  const broken = { ...history, final: { ...history.final, stuck: ['A lock is still held.'] } }
  expect(verdict(check(broken), {})).toBe('failed')
})
