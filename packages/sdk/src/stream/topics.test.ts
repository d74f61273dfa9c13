import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sentAt } from '../testing/frames.ts'
import { createTopics } from './topics.ts'

const chat = (id: number) => `chat:${id}`

/** Topics whose holes wait in a list until they are filled from a log of `length` events. */
function collect(length: number) {
  const got: string[] = []
  const holes: { topic: string; after: number }[] = []
  const lost: string[] = []
  const topics = createTopics({
    deliver: ({ topic, seq }) => got.push(`${topic}:${seq}`),
    onHole: (topic, after) => holes.push({ topic, after }),
    onLost: (reason) => lost.push(reason),
  })
  const fillOne = (pageSize: number) => {
    const hole = holes.shift()
    if (!hole) return false
    const id = Number(hole.topic.slice(5))
    const seqs = Array.from({ length }, (_, n) => n + 1).filter((seq) => seq > hole.after)
    const page = seqs.slice(0, pageSize).map((seq) => sentAt(id, seq))
    topics.fill(hole.topic, hole.after, page)
    return true
  }
  return { topics, got, lost, fillOne }
}

test('whatever is lost, doubled or swapped on the way, each topic comes whole and in order', () => {
  const seq = fc.integer({ min: 1, max: 12 })
  const push = fc.record({ chat: fc.integer({ min: 1, max: 2 }), seq, fill: fc.nat({ max: 3 }) })
  fc.assert(
    fc.property(
      fc.array(push, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      (pushes, size) => {
        const { topics, got, lost, fillOne } = collect(12)
        topics.reset([1, 2].map((id) => ({ topic: chat(id), last_seq: 0 })))
        for (const one of pushes) {
          topics.push(sentAt(one.chat, one.seq))
          if (one.fill === 0) fillOne(size)
        }
        while (fillOne(size)) {
          // One answer may leave the next hole to ask about.
        }
        for (const id of [1, 2]) {
          const mine = got.filter((name) => name.startsWith(chat(id)))
          const pushed = pushes.filter((one) => one.chat === id).map((one) => one.seq)
          const whole = Array.from({ length: mine.length }, (_, n) => `${chat(id)}:${n + 1}`)
          expect(mine).toEqual(whole)
          expect(mine.length).toBeGreaterThanOrEqual(Math.max(0, ...pushed))
        }
        expect([topics.holds(), lost]).toEqual([false, []])
      },
    ),
    { numRuns: 2000 },
  )
})

const told = (seq: number, kind: string, body: object) => ({
  topic: 'user:1',
  seq,
  kind,
  at: '',
  actor_id: null,
  ...body,
})

test('a removal ends a chat: what it held comes before, what is old stays away after', () => {
  const { topics, got } = collect(0)
  topics.reset([
    { topic: chat(7), last_seq: 1 },
    { topic: 'user:1', last_seq: 0 },
  ])
  topics.push(sentAt(7, 5))
  topics.push(told(1, 'RemoveFromChat', { chat_id: 7 }))
  expect(got).toEqual(['chat:7:5', 'user:1:1'])
  expect(topics.holds()).toBe(false)
  topics.push(sentAt(7, 5))
  topics.push(told(2, 'AddToChat', { chat: { id: 7, last_seq: 9 }, users: [] }))
  topics.push(sentAt(7, 9))
  topics.push(sentAt(7, 10))
  expect(got).toEqual(['chat:7:5', 'user:1:1', 'user:1:2', 'chat:7:10'])
})

test('what was deleted while one was away is over at once, whatever came before it', () => {
  const { topics, got, lost, fillOne } = collect(0)
  topics.reset([
    { topic: chat(7), last_seq: 1 },
    { topic: 'workspace:3', last_seq: 1 },
  ])
  // A server replays of it nothing but its end.
  topics.push({ ...told(6, 'ChatDeleted', { chat_id: 7 }), topic: chat(7) })
  topics.push({ ...told(5, 'WorkspaceDeleted', { workspace_id: 3 }), topic: 'workspace:3' })
  expect(got).toEqual(['chat:7:6', 'workspace:3:5'])
  expect([lost, fillOne(1), topics.holds()]).toEqual([[], false, false])
})

test('of a chat that was left before the bootstrap nothing comes, until it begins again', () => {
  const { topics, got } = collect(0)
  topics.reset([{ topic: 'user:1', last_seq: 3 }])
  topics.push(sentAt(7, 4))
  topics.push(told(4, 'AddToChat', { chat: { id: 7, last_seq: 9 }, users: [] }))
  topics.push(sentAt(7, 10))
  expect(got).toEqual(['user:1:4', 'chat:7:10'])

  topics.reset()
  topics.push(sentAt(7, 4))
  expect(got.slice(2)).toEqual(['chat:7:4'])
})
