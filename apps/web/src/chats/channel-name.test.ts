import { expect, test } from 'vitest'
import { nameProblem } from './channel-name.ts'

const known = [{ name: 'general' }, { name: 'Ärger' }, { name: null }]

test.each([
  ['design', undefined],
  ['  design  ', undefined],
  ['', 'empty'],
  ['   ', 'empty'],
  ['x'.repeat(64), undefined],
  ['x'.repeat(65), 'too_long'],
  ['🎈'.repeat(64), undefined],
  ['a\u0007b', 'unfit'],
  ['General', 'taken'],
  [' general', 'taken'],
  ['ärger', 'taken'],
])('%j is %s', (name, problem) => {
  expect(nameProblem(name, known)).toBe(problem)
})
