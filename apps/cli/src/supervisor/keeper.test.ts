import { until } from '@parley/core/testing/until'
import { expect, test } from 'vitest'
import { keep } from './keeper.ts'
import type { Part } from './part.ts'

const pace = { firstMs: 1, mostMs: 4, healthyMs: 1_000 }

test('the wait doubles with every crash up to the limit', async () => {
  const said: string[] = []
  const part: Part = {
    name: 'It',
    start: () => Promise.resolve({ ended: Promise.resolve('bang'), stop: () => Promise.resolve() }),
  }
  const keeper = keep(part, (sentence) => said.push(sentence), pace)
  await until(() => said.filter((line) => line.includes('bang')).length >= 5)
  await keeper.stop()
  const waits = said.flatMap((line) => line.match(/again in (.*) s/)?.[1] ?? [])
  expect(waits.slice(0, 5)).toEqual(['0.001', '0.002', '0.004', '0.004', '0.004'])
})

test('a first start that fails is not tried again', async () => {
  let starts = 0
  const part: Part = { name: 'It', start: () => Promise.reject(new Error(`failure ${++starts}`)) }
  const keeper = keep(part, () => undefined, pace)
  await expect(keeper.ready).rejects.toThrow('failure 1')
  await keeper.stop()
  expect(starts).toBe(1)
})

test('a later start that fails is tried again', async () => {
  let starts = 0
  const part: Part = {
    name: 'It',
    start: () => {
      starts++
      if (starts === 2) return Promise.reject(new Error('no room'))
      return Promise.resolve({
        ended: starts === 1 ? Promise.resolve('bang') : new Promise(() => undefined),
        stop: () => Promise.resolve(),
      })
    },
  }
  const said: string[] = []
  const keeper = keep(part, (sentence) => said.push(sentence), pace)
  await until(() => said.at(-1) === 'It runs again.')
  await keeper.stop()
  expect(said).toEqual([
    'It ended unexpectedly (bang) and starts again in 0.001 s.',
    'It ended unexpectedly (no room) and starts again in 0.002 s.',
    'It runs again.',
  ])
})
