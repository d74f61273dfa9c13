import type { Event } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparable } from '../state/comparable.ts'
import { fromBootstrap } from '../state/state.ts'
import { step } from '../testing/history.ts'
import { type Played, play, pull, repaired } from '../testing/playback.ts'
import { followRoughly } from '../testing/rough.ts'
import { topicChange } from './ends.ts'

const steps = fc.array(step, { maxLength: 40, size: 'max' })
const choices = fc.infiniteStream(fc.nat({ max: 1_000_000 }))

const placeOf = ({ topic, seq }: Event): string => `${topic} ${seq}`

/** Each event came once, and each topic in its order. */
function expectOnce(delivered: readonly Event[]): void {
  const places = delivered.map(placeOf)
  expect(places).toEqual([...new Set(places)])
  for (const [, events] of Map.groupBy(delivered, ({ topic }) => topic)) {
    const seqs = events.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  }
}

/** Of what one has left since, what was missing is not to be had, or old by now. */
function stillOpen({ events }: Played, some: readonly Event[]): string[] {
  const ended = events.flatMap(({ live }) => {
    const change = topicChange(live)
    return change?.does === 'ends' ? change.topic : []
  })
  return some.filter(({ topic }) => !ended.includes(topic)).map(placeOf)
}

function expectComplete(played: Played, delivered: readonly Event[]): void {
  const places = new Set(delivered.map(placeOf))
  const missing = played.events.map(({ live }) => live).filter((one) => !places.has(placeOf(one)))
  expect(stillOpen(played, missing)).toEqual([])
}

const property = (mayLose: (event: Event) => boolean, mayResync: boolean) =>
  fc.asyncProperty(steps, steps, choices, async (before, after, order) => {
    const played = play(before, after)
    const got = await followRoughly(played, pull(order[Symbol.iterator]()), mayLose)
    const fresh = fromBootstrap(played.world.bootstrap())
    expect(comparable(repaired(got.state, played.world))).toEqual(comparable(fresh))
    expectOnce(got.delivered)
    expect(stillOpen(played, got.ahead)).toEqual([])
    if (got.resyncs === 0) expectComplete(played, got.delivered)
    if (!mayResync) expect(got.resyncs).toBe(0)
    expect(got.cursor).toBe(String(played.events.length))
  })

test('topics mixed, events again, connections cut and overlapping: each event comes once', () =>
  fc.assert(
    property(() => false, false),
    { numRuns: 400 },
  ))

test('what is lost of chats is filled, whatever comes and goes meanwhile, without a resync', () =>
  fc.assert(
    property((event) => event.topic.startsWith('chat:'), false),
    { numRuns: 400 },
  ))

test('what is lost of any topic costs a bootstrap at most, in the middle of it all', () =>
  fc.assert(
    property(() => true, true),
    { numRuns: 400 },
  ))
