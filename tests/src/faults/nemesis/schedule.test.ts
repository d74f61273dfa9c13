import { expect, test } from 'vitest'
import { battlesOf } from '../run/profiles.ts'
import { createRandom } from '../random.ts'
import { faults } from './all.ts'
import { type Turn, deal, shuffledTurns } from './schedule.ts'

const name = ({ fault, variant }: Turn): string => `${fault.id} ${variant}`
const names = (turns: readonly Turn[]): string[] => turns.map(name).toSorted()

test('faults have ids and names of their own, and variants that are named once', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
  for (const { variants, smoke = [] } of faults) {
    expect(new Set(variants).size).toBe(variants.length)
    expect(variants).toEqual(expect.arrayContaining([...smoke]))
  }
})

test('the same seed shuffles the same, and another one does not', () => {
  const order = (seed: number) => shuffledTurns(faults, createRandom(seed)).map(name)
  expect(order(5)).toEqual(order(5))
  expect(order(5)).not.toEqual(order(6))
  expect(order(5).toSorted()).toEqual(order(6).toSorted())
})

test('dealing gives each turn to one run and keeps the runs about as long as each other', () => {
  const turns = shuffledTurns(
    faults.filter(({ background }) => !background),
    createRandom(1),
  )
  const hands = deal(turns, 4)
  expect(names(hands.flat())).toEqual(names(turns))
  const seconds = hands.map((hand) => hand.reduce((sum, { fault }) => sum + fault.seconds, 0))
  expect(Math.max(...seconds) - Math.min(...seconds)).toBeLessThan(10)
})

test('the smoke profile has five seeds with every way of its faults, and fits into four minutes', () => {
  const battles = battlesOf('smoke')
  expect(battles).toHaveLength(5)
  const wanted = faults.flatMap((fault) =>
    (fault.smoke ?? []).map((variant) => ({ fault, variant })),
  )
  expect(names(battles.flatMap(({ turns }) => turns))).toEqual(names(wanted))
  const seconds = battles.map(({ turns }) => {
    const of = (background: boolean) =>
      turns
        .filter(({ fault }) => Boolean(fault.background) === background)
        .reduce((sum, { fault }) => sum + fault.seconds, 0)
    // What a run takes besides: to start, to heal, to be read.
    return Math.max(of(true), of(false)) + 12
  })
  expect(seconds.reduce((a, b) => a + b)).toBeLessThan(240)
})

test('the full profile plays every way of every fault', () => {
  const played = new Set(battlesOf('full').flatMap(({ turns }) => turns.map(name)))
  for (const turn of shuffledTurns(faults, createRandom(1))) expect(played).toContain(name(turn))
})
