import { setImmediate as settled } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** Work that says when it begins and ends when it is told to. */
function works() {
  const begun: string[] = []
  const ends: (() => void)[] = []
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name)
      return new Promise<string>((resolve) => ends.push(() => resolve(name)))
    },
    async endOne() {
      ends.shift()?.()
      await settled()
    },
  }
}

test('so many run at once, and each begins once', async () => {
  const { begun, work, endOne } = works()
  const turns = createTurns(2)
  const all = Promise.all(['a', 'b', 'c'].map((name) => turns(1, work(name))))
  expect(begun).toEqual(['a', 'b'])
  await endOne()
  expect(begun).toEqual(['a', 'b', 'c'])
  await endOne()
  await endOne()
  expect(await all).toEqual(['a', 'b', 'c'])
})

test('whoever asks for much holds up the others by one piece', async () => {
  const { begun, work, endOne } = works()
  const turns = createTurns(1)
  const all = ['a1', 'a2', 'a3', 'a4'].map((name) => turns(1, work(name)))
  all.push(turns(2, work('b1')), turns(3, work('c1')), turns(2, work('b2')))
  for (let n = 0; n < 7; n++) await endOne()
  await Promise.all(all)
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
})

test('work that fails gives its place to the next', async () => {
  const turns = createTurns(1)
  await expect(turns(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await turns(1, async () => 'yes')).toBe('yes')
})
