import { describe, expect, test } from 'vitest'
import { check } from './check.ts'
import { cleanHistory } from './fixtures/history.ts'
import { answers } from './fixtures/mutations/answered.ts'
import { crowded } from './fixtures/mutations/crowded.ts'
import { stored } from './fixtures/mutations/stored.ts'
import { streamed } from './fixtures/mutations/streamed.ts'

const found = (report: ReturnType<typeof check>): string[] =>
  report.checks.flatMap(({ id, count }) => (count > 0 ? [id] : []))

describe.for([1, 2])('in the made-up history %s', (seed) => {
  const clean = cleanHistory({ seed, seconds: 6, clients: 7 })

  test('nothing is found', () => {
    expect(found(check(clean))).toEqual([])
  })

  test.for([...stored, ...streamed, ...answers, ...crowded])(
    '$name is found',
    ({ foundBy, mutate }) => {
      const history = structuredClone(clean)
      mutate(history)
      const report = check(history)
      expect(found(report)).toEqual(expect.arrayContaining([...foundBy]))
      for (const { violations } of report.checks) {
        for (const { says, excerpt } of violations) {
          expect(says).toMatch(/\S.*\.$/)
          expect(excerpt.length).toBeGreaterThan(0)
        }
      }
    },
  )
})
