import { expect, test } from 'vitest'
import { type Counts, noCounts } from './orders.ts'
import { Sight } from './sight.ts'

const message = (seq: number, topic = 'chat:42') => ({
  id: '',
  kind: 'NewMessage',
  data: `{"topic":"${topic}","seq":${seq},"kind":"NewMessage"}`,
})
const removed = {
  id: '',
  kind: 'RemoveFromChat',
  data: '{"topic":"user:7","seq":5,"chat_id":42}',
}
const added = (last_seq: number) => ({
  id: '',
  kind: 'AddToChat',
  data: JSON.stringify({ topic: 'user:7', seq: 6, chat: { id: 42, last_seq } }),
})

/** What is counted of somebody who is at seq 10, after connections that brought these. */
function counted(...connections: Parameters<Sight['take']>[0][][]): Partial<Counts> {
  const counts = noCounts()
  const sight = new Sight(42, 10, counts)
  for (const frames of connections) {
    sight.connected()
    for (const frame of frames) sight.take(frame)
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

test('each event of the chat is counted once, and those of other topics are not', () => {
  expect(counted([message(11), message(3, 'chat:4'), message(12)])).toEqual({ events: 2 })
})

test('what a resume brings again is no mistake', () => {
  expect(counted([message(11), message(12)], [message(12), message(13)])).toEqual({
    events: 3,
    again: 1,
  })
})

test('what one connection brings twice is one', () => {
  expect(counted([message(11), message(11)])).toEqual({ events: 1, again: 1, doubles: 1 })
})

test('a seq that does not follow is one, on a connection and between two', () => {
  expect(counted([message(12)])).toEqual({ events: 1, gaps: 1 })
  expect(counted([message(11)], [message(13)])).toEqual({ events: 2, gaps: 1 })
})

test('whoever is removed is to see nothing until they are back, and then what comes after it', () => {
  const back = [message(11), removed, added(15), message(16)]
  expect(counted(back)).toEqual({ events: 2, passed: 4 })
  expect(counted([message(11), removed, message(12)])).toEqual({ events: 1, leaks: 1 })
  expect(counted(back, [removed, added(15), message(16), message(17)])).toMatchObject({
    events: 3,
    passed: 4,
    again: 1,
  })
})
