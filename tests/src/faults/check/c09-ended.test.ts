import { expect, test } from 'vitest'
import type { Final } from '../history/entry.ts'
import { check } from './check.ts'
import { fault, operation, smallHistory } from './fixtures/small.ts'

const ended = 20_000
const by = { user: 2, session: 21 }
const end = operation(
  1,
  { user: 2, session: 20 },
  { does: 'end_session', ended: 21, by: 'reuse' },
  [ended - 5, ended],
)
const message = { chat: 5, id: 7, seq: 4, sender: 2, nonce: 'n', text: 't', deleted: false }
const memberships = [{ topic: 'chat:5', user: 2, joined: 1, left: null }]

/** What C9 says where the ended session asks to send after so many milliseconds, and is refused. */
function judge(after: number, messages: Final['messages'], more = fault('nothing', [1, 2])) {
  const at = ended + after
  const send = { does: 'send', chat: 5, nonce: 'n', text: 't' } as const
  const entries = [...end, ...operation(2, by, send, [at, at + 5], 'fail'), ...more]
  const report = check(smallHistory(entries, { memberships, messages }))
  return report.checks.find(({ id }) => id === 'C9')?.violations.map(({ says }) => says) ?? []
}

const told = ['Message 7 was sent by session 21 after its end, and is there.']

test('what an ended session sends is not there, though it was refused', () => {
  expect(judge(201, [])).toEqual([])
  expect(judge(201, [message])).toEqual(told)
})

test('what it sent within the bound may be', () => {
  expect(judge(200, [message])).toEqual([])
  expect(judge(4_000, [message], fault('partition', [ended - 10, ended + 10]))).toEqual([])
  expect(judge(5_001, [message], fault('partition', [ended - 10, ended + 10]))).toEqual(told)
})
