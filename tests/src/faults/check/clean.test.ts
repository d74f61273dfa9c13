import fc from 'fast-check'
import { expect, test } from 'vitest'
import { check } from './check.ts'
import { cleanHistory } from './fixtures/history.ts'

const sizes = fc.record({
  seed: fc.nat(),
  seconds: fc.integer({ min: 1, max: 8 }),
  clients: fc.integer({ min: 3, max: 10 }),
})

test('nothing is found in a clean history, whatever its seed and size', () => {
  // On failure fast-check prints the seed and the smallest case that it found.
  fc.assert(
    fc.property(sizes, (size) => {
      for (const { id, violations } of check(cleanHistory(size)).checks) {
        expect({ id, violations }).toEqual({ id, violations: [] })
      }
    }),
    { numRuns: 40 },
  )
})

test('each check has something to look at in a clean history', () => {
  const report = check(cleanHistory({ seed: 1, seconds: 6, clients: 7 }))
  for (const { id, looked } of report.checks) expect([id, looked > 0]).toEqual([id, true])
  const counted = { ...report.counters, latencies: report.figures.latency.count }
  for (const [what, count] of Object.entries(counted)) {
    expect([what, count > 0]).toEqual([what, true])
  }
  expect(Object.values(report.evidence).every((count) => count > 0)).toBe(true)
})

test('the same seed makes the same history', () => {
  const size = { seed: 5, seconds: 2, clients: 4 }
  expect(cleanHistory(size)).toEqual(cleanHistory(size))
})

test('a history of 200,000 entries takes the processor no 10 s to check', () => {
  const history = cleanHistory({ seed: 9, seconds: 120, clients: 10 })
  expect(history.entries.length).toBeGreaterThan(200_000)
  // Of the processor: others may use the machine too.
  const start = process.cpuUsage()
  const report = check(history)
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(10_000)
  expect(report.checks.map(({ count }) => count)).toEqual(report.checks.map(() => 0))
})

test('a history that was not recorded well is an error, and no verdict', () => {
  const clean = cleanHistory({ seed: 5, seconds: 1, clients: 3 })
  const without = (type: string) => ({
    ...clean,
    entries: clean.entries.filter((entry) => entry.type !== type),
  })
  expect(() => check(without('call'))).toThrow(/an answer to operation \d+, which nobody called/)
  expect(() => check(without('opened'))).toThrow(/of stream \d+, which never opened/)
})
