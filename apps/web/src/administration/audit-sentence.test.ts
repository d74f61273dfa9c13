import type { AuditEntry } from '@parley/contract'
import { expect, test } from 'vitest'
import { aboutWhom, detailsOf, sentenceFor } from './audit-sentence.ts'

const entry: AuditEntry = {
  position: 7,
  at: '2026-01-02T03:04:05.000Z',
  action: 'sign_in.refused',
  actor_id: null,
  workspace_id: null,
  target_kind: null,
  target_id: null,
  detail: {},
}

test('what nobody has words for has no sentence, whatever it is called', () => {
  expect(sentenceFor('account.disabled')).toBe('audit.account_disabled')
  for (const action of ['account.sold', 'toString', '']) expect(sentenceFor(action)).toBeUndefined()
})

test('an entry is about its target, those whom it lists, who wrote, or who did it', () => {
  expect(aboutWhom(entry)).toEqual([])
  const done = { ...entry, actor_id: 1 }
  expect(aboutWhom(done)).toEqual([1])
  expect(aboutWhom({ ...done, target_kind: 'session', target_id: 9 })).toEqual([1])
  expect(aboutWhom({ ...done, detail: { sender_id: 2 } })).toEqual([2])
  expect(aboutWhom({ ...done, detail: { user_ids: [3, 4] } })).toEqual([3, 4])
  expect(aboutWhom({ ...done, target_kind: 'user', target_id: 5 })).toEqual([5])
})

test('the details are all that there is, by its own name', () => {
  const detail = { user_ids: [3, 4], signup: null, at_terminal: true }
  expect(detailsOf({ ...entry, detail })).toEqual([
    ['position', '7'],
    ['action', 'sign_in.refused'],
    ['user_ids', '3, 4'],
    ['at_terminal', 'true'],
  ])
})
