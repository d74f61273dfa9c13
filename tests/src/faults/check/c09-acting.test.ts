import { expect, test } from 'vitest'
import type { Action, Entry, Final } from '../history/entry.ts'
import { check } from './check.ts'
import { fault, operation, smallHistory } from './fixtures/small.ts'

const owner = { user: 1, session: 10 }
const member = { user: 2, session: 20 }
const move = (does: 'add' | 'remove'): Action => ({ does, chat: 5, user: 2 })
const remove = operation(1, owner, move('remove'), [100, 110])
const read = (at: number) => operation(2, member, { does: 'read', chat: 5 }, [at, at + 5])
const memberships = [1, 2].map((user) => ({ topic: 'chat:5', user, joined: 1, left: null }))

function judge(entries: Entry[], final: Partial<Final> = {}): string[] {
  const report = check(smallHistory(entries, { memberships, ...final }))
  return report.checks.find(({ id }) => id === 'C9')?.violations.map(({ says }) => says) ?? []
}

const told = ['User 2 could read in chat:5 after their removal was acknowledged.']

test('whoever asked before their removal was acknowledged may be answered', () => {
  expect(judge([...remove, ...read(109)])).toEqual([])
  expect(judge([...remove, ...read(111)])).toEqual(told)
})

test('whoever is added again may read from the call on', () => {
  const add = operation(3, owner, move('add'), [200, 210])
  expect(judge([...remove, ...add, ...read(196)])).toEqual([])
  expect(judge([...remove, ...add, ...read(180)])).toEqual(told)
})

test('an addition that was over before the removal began brings nobody back', () => {
  expect(judge([...operation(3, owner, move('add'), [50, 60]), ...remove, ...read(200)])).toEqual(
    told,
  )
})

test('an addition without an answer may bring them back until the fault is over', () => {
  const add = operation(3, owner, move('add'), [50, 60], 'info')
  expect(judge([...add, ...remove, ...read(200)])).toEqual(told)
  expect(judge([...add, ...remove, ...read(200), ...fault('nothing', [40, 80])])).toEqual([])
})

test('an addition that was refused brings nobody back', () => {
  const add = operation(3, owner, move('add'), [50, 60], 'fail')
  const entries = [...add, ...remove, ...read(200), ...fault('nothing', [40, 80])]
  expect(judge(entries)).toEqual(told)
})

test('a public channel is read by those outside of it, and not written to', () => {
  const stranger = { user: 3, session: 30 }
  const reads = operation(2, stranger, { does: 'read', chat: 5 }, [10, 20])
  const marks = operation(3, stranger, { does: 'mark', chat: 5, seq: 1 }, [10, 20])
  expect(judge([...reads, ...marks], { open: [5] })).toEqual([
    'User 3 could mark in chat:5 without ever being in it.',
  ])
})
