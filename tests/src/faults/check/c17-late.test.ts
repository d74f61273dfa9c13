import { expect, test } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { check } from './check.ts'
import { fault, operation, smallHistory } from './fixtures/small.ts'

const message = { id: 5, seq: 1, sender: 1, nonce: 'n', text: 'hello' }

/** A message that is acknowledged at 100 ms and given to a reader later. */
function judged(givenAt: number, faults: Entry[] = []): number | undefined {
  const [call, returned] = operation(
    1,
    { user: 1, session: 11 },
    { does: 'send', chat: 7, nonce: 'n', text: 'hello' },
    [50, 100],
  )
  if (!call || returned?.type !== 'return') return undefined
  const { checks } = check(
    smallHistory([
      { type: 'began', at: 0, reader: 'p2', user: 2, reason: 'start', topics: { 'chat:7': 0 } },
      call,
      { ...returned, messages: [message] },
      {
        type: 'delivered',
        at: givenAt,
        reader: 'p2',
        topic: 'chat:7',
        seq: 1,
        kind: 'NewMessage',
        message,
      },
      ...faults,
    ]),
  )
  return checks.find(({ id }) => id === 'C17')?.count
}

const innocent = (one: Entry): Entry => (one.type === 'fault' ? { ...one, excuses: false } : one)
const target = (name: string) => (one: Entry) =>
  one.type === 'fault' ? { ...one, target: name } : one

test('a message that comes within five seconds is not late', () => {
  expect(judged(5_000)).toBe(0)
})

test('a message that comes later is late', () => {
  expect(judged(5_200)).toBe(1)
})

test('while a fault can be felt nothing is late', () => {
  expect(judged(5_200, fault('nothing', [3_000, 4_000]))).toBe(0)
})

test('a fault that is no excuse makes nothing later', () => {
  expect(judged(5_200, fault('nothing', [3_000, 4_000]).map(innocent))).toBe(1)
})

test('a reader whose own line is harmed may have it later', () => {
  const own = fault('nothing', [3_000, 4_000]).map(innocent)
  expect(judged(5_200, own.map(target('p2')))).toBe(0)
  expect(judged(5_200, own.map(target('p3')))).toBe(1)
})
