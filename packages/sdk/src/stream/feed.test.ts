import type { Event } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparable } from '../state/comparable.ts'
import { fromBootstrap } from '../state/state.ts'
import { step } from '../testing/history.ts'
import { type Played, play, pull, repaired } from '../testing/playback.ts'
import { type Outcome, followRoughly } from '../testing/rough.ts'
import { type Order, byTopic, promised } from '../testing/wire.ts'
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
  const ended = new Set(
    events.flatMap(({ live }) => {
      const change = topicChange(live)
      return change?.does === 'ends' ? change.topic : []
    }),
  )
  return some.filter(({ topic }) => !ended.has(topic)).map(placeOf)
}

function expectComplete(played: Played, delivered: readonly Event[]): void {
  const places = new Set(delivered.map(placeOf))
  const missing = played.events.map(({ live }) => live).filter((one) => !places.has(placeOf(one)))
  expect(stillOpen(played, missing)).toEqual([])
}

interface Wire {
  mayLose?: (event: Event) => boolean
  order?: Order
}

/** Follows histories of all kinds; whatever the wire does, the state is right in the end. */
async function expectState(wire: Wire, more: (played: Played, got: Outcome) => void) {
  const { mayLose = () => false, order = promised } = wire
  await fc.assert(
    fc.asyncProperty(steps, steps, choices, async (before, after, numbers) => {
      const played = play(before, after)
      const next = pull(numbers[Symbol.iterator]())
      const got = await followRoughly(played, next, { mayLose, order })
      const fresh = fromBootstrap(played.world.bootstrap())
      expect(comparable(repaired(got.state, played.world))).toEqual(comparable(fresh))
      expectOnce(got.delivered)
      expect(stillOpen(played, got.ahead)).toEqual([])
      expect(got.cursor).toBe(String(played.events.length))
      more(played, got)
    }),
    { numRuns: 400 },
  )
}

const expectWhole = (played: Played, got: Outcome) => {
  expect(got.resyncs).toBe(0)
  expectComplete(played, got.delivered)
}

test('topics mixed, events again, connections cut and overlapping: each event comes once', () =>
  expectState({}, expectWhole))

// No server of ours does so; the state is right all the same, if need be by a resync.
test('what announces a topic may come after its events, and what ends it before', () =>
  expectState({ order: byTopic }, () => undefined))

test('what is lost of chats is filled, whatever comes and goes meanwhile, without a resync', () =>
  expectState({ mayLose: (event) => event.topic.startsWith('chat:') }, expectWhole))

// What announces a topic is not lost while what follows it in the topic comes.
test('what is lost of any topic costs a bootstrap at most, in the middle of it all', () =>
  expectState({ mayLose: (event) => topicChange(event)?.does !== 'begins' }, (played, got) => {
    if (got.resyncs === 0) expectComplete(played, got.delivered)
  }))
