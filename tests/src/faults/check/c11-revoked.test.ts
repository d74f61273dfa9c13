import { expect, test } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { check } from './check.ts'
import { fault, operation, smallHistory } from './fixtures/small.ts'

const by = { user: 1, session: 10 }
const ended = 20_000

/** A session whose stream closes some time after its end was acknowledged, and what C11 says of it. */
function judge(closesAfter: number, more: Entry[] = []): string[] {
  const history = smallHistory([
    {
      type: 'opened',
      at: 1,
      stream: 1,
      reader: 'r',
      user: 1,
      session: 11,
      server: 'notify-1',
      cursor: null,
    },
    { type: 'closed', at: ended + closesAfter, stream: 1 },
    ...operation(1, by, { does: 'end_session', ended: 11, by: 'list' }, [ended - 5, ended]),
    { type: 'phase', at: ended + 60_000, phase: 'final' },
    ...more,
  ])
  const report = check(history).checks.find(({ id }) => id === 'C11')
  expect(report?.looked).toBe(1)
  return report?.violations.map(({ says }) => says) ?? []
}

const late = (ms: number) => [`Stream 1 of session 11 closed ${ms} ms after its end.`]

test('200 ms are enough where no fault slows it', () => {
  expect(judge(200)).toEqual([])
  expect(judge(201)).toEqual(late(201))
  expect(judge(201, fault('nothing', [ended - 100, ended + 100]))).toEqual(late(201))
})

test('a lost bell may slow it to 1.5 s, and a partition to 5 s', () => {
  const during = [ended - 500, ended + 500] as const
  expect(judge(1_500, fault('bell', during))).toEqual([])
  expect(judge(1_501, fault('bell', during))).toEqual(late(1_501))
  expect(judge(5_000, fault('partition', during))).toEqual([])
  expect(judge(5_001, [...fault('partition', during), ...fault('bell', during)])).toEqual(
    late(5_001),
  )
})

test('a fault slows it that ended a second before, or begins while it is under way', () => {
  expect(judge(1_000, fault('bell', [ended - 5_000, ended - 1_000]))).toEqual([])
  expect(judge(1_000, fault('bell', [ended - 5_000, ended - 1_001]))).toEqual(late(1_000))
  expect(judge(4_000, fault('partition', [ended + 4_900, ended + 6_000]))).toEqual([])
  expect(judge(4_000, fault('partition', [ended + 5_100, ended + 6_000]))).toEqual(late(4_000))
})

test('what a session asks after its end is not served, and what it asked before may be', () => {
  const read = { does: 'read', chat: 1 } as const
  const asks = (at: number) => operation(2, { user: 1, session: 11 }, read, [at, at + 900])
  expect(judge(10, asks(ended + 200))).toEqual([])
  expect(judge(10, asks(ended + 201))).toEqual([
    'Session 11 was served 201 ms after its end (slowed by nothing).',
  ])
})
