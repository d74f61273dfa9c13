import type { Ephemeral, Event } from '@parley/contract'
import { expect, test } from 'vitest'
import { sentAt } from '../testing/frames.ts'
import { presencesAfter } from './presences.ts'
import { type Typists, typistsAfter, typistsAt, typistsIn } from './typists.ts'

const typing = (user_id: number, chat_id = 7): Ephemeral => ({
  kind: 'Typing',
  chat_id,
  user_id,
  expires_in_seconds: 6,
})
/** By person 2. */
const sent: Event = sentAt(7, 1)

const after = (...events: [Event | Ephemeral, number][]): Typists =>
  events.reduce<Typists>((typists, [event, now]) => typistsAfter(typists, event, now), [])

test('somebody types for six seconds, and for six more when it is said again', () => {
  const once = after([typing(1), 0], [typing(2), 1000], [typing(2, 8), 1000])
  expect(typistsIn(once, 7, 5999)).toEqual([1, 2])
  expect(typistsIn(once, 7, 6000)).toEqual([2])
  const again = typistsAfter(once, typing(1), 4000)
  expect(typistsIn(again, 7, 9999)).toEqual([1])
  expect(typistsAt(again, 10_000)).toEqual([])
  expect(typistsAt(again, 4001)).toBe(again)
})

test('it ends with their message, also when that has overtaken it, and begins anew after it', () => {
  const typists = after([typing(2), 0], [typing(3), 0], [sent, 1000])
  expect(typistsIn(typists, 7, 1000)).toEqual([3])
  expect(typistsIn(typistsAfter(typists, typing(2), 1200), 7, 1200)).toEqual([3])
  expect(typistsIn(typistsAfter(typists, typing(2), 1600), 7, 1600)).toEqual([3, 2])
})

test('presence is what was told last, and nothing changes where nothing is new', () => {
  const known = presencesAfter(new Map(), [
    { user_id: 1, presence: 'online' },
    { user_id: 2, presence: 'away' },
  ])
  const changed = presencesAfter(known, { kind: 'PresenceChanged', user_id: 1, presence: 'dnd' })
  expect([...changed]).toEqual([
    [1, 'dnd'],
    [2, 'away'],
  ])
  expect(presencesAfter(changed, [{ user_id: 2, presence: 'away' }])).toBe(changed)
  expect(presencesAfter(changed, typing(1))).toBe(changed)
})
