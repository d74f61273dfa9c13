import { expect, test } from 'vitest'
import type { History } from '../history/entry.ts'
import { check } from './check.ts'
import { cleanHistory } from './fixtures/history.ts'

const whole = cleanHistory({ seed: 1, seconds: 3, clients: 5, whole: true })

/** The log from a row on, as the retention leaves it. */
const from = (row: number): History => ({
  ...whole,
  final: { ...whole.final, log: whole.final.log.slice(row) },
})
const withoutLogOf = (topic: string, history: History): History => ({
  ...history,
  final: { ...history.final, log: history.final.log.filter((row) => row.topic !== topic) },
})
const found = (history: History) =>
  check(history).checks.flatMap(({ id, count }) => (count > 0 ? [id] : []))

test('the log may begin anywhere', () => {
  const { length } = whole.final.log
  for (let row = 0; row <= length; row += Math.ceil(length / 40)) {
    expect([row, found(from(row))]).toEqual([row, []])
  }
})

test('a topic without any log is found where the retention took nothing', () => {
  const topic = whole.final.topics.findLast(({ topic }) => topic.startsWith('chat:'))?.topic ?? ''
  expect(found(withoutLogOf(topic, whole))).toContain('C4')
})

test('what was shown before the retention took it is asked for all the same', () => {
  const history = structuredClone(from(Math.floor(whole.final.log.length / 2)))
  const first = new Map(history.final.log.toReversed().map(({ topic, seq }) => [topic, seq]))
  const missed = history.entries.find(
    (entry) =>
      entry.type === 'delivered' &&
      entry.topic.startsWith('chat:') &&
      entry.seq < (first.get(entry.topic) ?? 0),
  )
  history.entries = history.entries.filter((entry) => entry !== missed)
  expect(found(history)).toEqual(['C7'])
})
