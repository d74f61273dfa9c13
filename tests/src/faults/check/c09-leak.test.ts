import { expect, test } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { check } from './check.ts'
import { smallHistory } from './fixtures/small.ts'

const by = { stream: 1, reader: 'p0', user: 7, session: 8 }
const opened: Entry = { type: 'opened', at: 0, ...by, server: 'notify-1', cursor: null }
const removed: Entry = {
  type: 'frame',
  at: 1,
  stream: 1,
  topic: 'user:7',
  seq: 1,
  kind: 'RemoveFromChat',
  about: 42,
}
const resync: Entry = { type: 'signal', at: 2, stream: 1, kind: 'resync', reason: 'too_much' }
const shown: Entry = {
  type: 'frame',
  at: 3,
  stream: 1,
  topic: 'chat:42',
  seq: 9,
  kind: 'NewMessage',
}

const leaks = (entries: Entry[]) =>
  check(
    smallHistory(entries, {
      memberships: [
        { topic: 'chat:42', user: 7, joined: 1, left: 4 },
        { topic: 'chat:42', user: 7, joined: 6, left: null },
      ],
    }),
  ).checks.find(({ id }) => id === 'C9')?.count

test('whoever was told of their removal is shown nothing more until they are told of their return', () => {
  expect(leaks([opened, removed, shown])).toBe(1)
})

test('whoever starts afresh may have returned in what they were not shown', () => {
  expect(leaks([opened, removed, resync, shown])).toBe(0)
})
