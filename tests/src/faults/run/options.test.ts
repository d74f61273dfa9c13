import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const read = (line: string) => parseOptions(line.split(' ').filter(Boolean))

test('faults are named by id or by name, and the rest has usual values', () => {
  const options = read('--seed 7 --faults F01,kill-listen')
  expect(options).toMatchObject({ does: 'run', seed: 7, seconds: 0, clients: 8, keep: false })
  expect(options.does === 'run' && options.faults.map(({ id }) => id)).toEqual(['F01', 'F05'])
})

test('a profile may be played whole or by one seed', () => {
  expect(read('--profile smoke')).toMatchObject({ does: 'profile', seed: undefined })
  expect(read('--profile full --seed 3')).toMatchObject({ profile: 'full', seed: 3 })
})

test.each([
  ['--faults F99', 'There is no fault F99; --list shows all.'],
  ['--seed -1', "Option '--seed' argument is ambiguous"],
  ['--seed 1.5', '--seed is a whole number from 0 to 4294967295.'],
  ['--seconds x', '--seconds is a whole number from 0 to 480.'],
  ['--clients 2', '--clients is a whole number from 3 to 50.'],
  ['--profile long', '--profile is smoke or full.'],
  ['--profile smoke --faults F01', '--profile has faults of its own.'],
  ['--colour', "Unknown option '--colour'"],
  ['F01', "Unexpected argument 'F01'"],
])('%s is refused in a sentence', (line, sentence) => {
  expect(() => read(line)).toThrow(sentence)
})
