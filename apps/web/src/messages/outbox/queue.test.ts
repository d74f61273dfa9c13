import type { Message } from '@parley/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Attached } from '../files/attached.ts'
import {
  type Action,
  type Pending,
  type Queue,
  after,
  chatsOf,
  inOrder,
  nextIn,
  overtaken,
  timeBehind,
  unsent,
} from './queue.ts'

const at = (n: number) => new Date(n).toISOString()
const pending = (nonce: string, chat_id = 1, n = 0): Pending => ({
  nonce,
  chat_id,
  content: `text of ${nonce}`,
  created_at: at(n),
  state: 'sending',
})
const message = (nonce: string, seq = 1): Message => ({
  id: seq,
  chat_id: 1,
  seq,
  sender_id: 1,
  content: `text of ${nonce}`,
  files: [],
  nonce,
  reply_to: null,
  mentions: [],
  reactions: [],
  edited_at: null,
  deleted_at: null,
  created_at: at(0),
})
const play = (actions: readonly Action[], from: Queue = []) => actions.reduce(after, from)

const nonce = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constant('added' as const),
    pending: fc.tuple(nonce, fc.constantFrom(1, 2)).map(([nonce, chat]) => pending(nonce, chat)),
  }),
  fc.record({
    type: fc.constant('answered' as const),
    nonce,
    message: nonce.map((nonce) => message(nonce)),
  }),
  fc.record({
    type: fc.constant('failed' as const),
    nonce,
    reason: fc.constantFrom('timeout' as const, 'server' as const),
  }),
  fc.constant({ type: 'unreachable' as const }),
  fc.record({ type: fc.constant('retried' as const), nonce, at: fc.constant(at(9)) }),
  fc.record({ type: fc.constant('discarded' as const), nonce }),
  fc.record({ type: fc.constant('settled' as const), nonces: fc.uniqueArray(nonce) }),
)

test('a text is never lost and never twice, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let queue: Queue = []
      const expected = new Map<string, string>()
      for (const one of actions) {
        queue = after(queue, one)
        if (one.type === 'added' && !expected.has(one.pending.nonce))
          expected.set(one.pending.nonce, one.pending.content)
        if (one.type === 'discarded') expected.delete(one.nonce)
        if (one.type === 'settled') for (const nonce of one.nonces) expected.delete(nonce)
        expect(queue).toHaveLength(expected.size)
        expect(new Map(queue.map(({ nonce, content }) => [nonce, content]))).toEqual(expected)
      }
    }),
  )
})

test('what is told twice counts once', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), action, (actions, one) => {
      const once = after(play(actions), one)
      expect(after(once, one)).toEqual(once)
    }),
  )
})

test('what changes nothing gives back the same queue', () => {
  const queue = play([{ type: 'added', pending: pending('a') }])
  expect(after(queue, { type: 'settled', nonces: ['z'] })).toBe(queue)
  expect(after(queue, { type: 'discarded', nonce: 'z' })).toBe(queue)
  expect(after(queue, { type: 'retried', nonce: 'a', at: at(1) })).toBe(queue)
})

test('the earliest message of a chat that is not sent goes next', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const queue = play(actions)
      for (const chat of [1, 2]) {
        const next = nextIn(queue, chat)
        expect(chatsOf(queue).includes(chat)).toBe(next !== undefined)
        const before = queue.slice(0, next ? queue.indexOf(next) : undefined)
        expect(
          before.every((one) => one.chat_id !== chat || one.state === 'failed' || one.message),
        ).toBe(true)
      }
    }),
  )
})

test('event or answer first, the row is there until the list has its message', () => {
  const sent = play([{ type: 'added', pending: pending('a') }])
  const answered = after(sent, { type: 'answered', nonce: 'a', message: message('a', 5) })
  expect(answered).toMatchObject([{ nonce: 'a', message: { seq: 5 } }])
  expect(unsent(answered)).toBe(0)
  expect(after(answered, { type: 'answered', nonce: 'a', message: message('a', 5) })).toBe(answered)
  expect(overtaken(sent, () => true)).toEqual([])
  expect(overtaken(answered, ({ seq }) => seq > 5)).toEqual([])
  expect(overtaken(answered, ({ seq }) => seq === 5)).toEqual(['a'])
  const settled = after(answered, { type: 'settled', nonces: ['a'] })
  expect(settled).toEqual([])
  expect(after(settled, { type: 'answered', nonce: 'a', message: message('a', 5) })).toEqual([])
})

test('an answer that comes after all makes a failed message a sent one', () => {
  const queue = play([
    { type: 'added', pending: pending('a') },
    { type: 'failed', nonce: 'a', reason: 'timeout' },
    { type: 'answered', nonce: 'a', message: message('a') },
    { type: 'failed', nonce: 'a', reason: 'server' },
  ])
  expect(queue[0]).toMatchObject({ state: 'sending', message: { nonce: 'a' } })
  expect(queue[0]).not.toHaveProperty('reason')
})

test('without a connection all wait, and go on with the first that gets through', () => {
  const queue = play([
    { type: 'added', pending: pending('a') },
    { type: 'added', pending: pending('b', 2) },
    { type: 'failed', nonce: 'b', reason: 'server' },
    { type: 'added', pending: pending('c', 2) },
    { type: 'unreachable' },
  ])
  expect(queue.map(({ state }) => state)).toEqual(['waiting', 'failed', 'waiting'])
  const on = after(queue, { type: 'answered', nonce: 'a', message: message('a') })
  expect(on.map(({ state }) => state)).toEqual(['sending', 'failed', 'sending'])
})

test('what is tried again comes last, under the same nonce', () => {
  const queue = play([
    { type: 'added', pending: pending('a') },
    { type: 'failed', nonce: 'a', reason: 'server' },
    { type: 'added', pending: pending('b') },
    { type: 'retried', nonce: 'a', at: at(9) },
  ])
  expect(queue.map(({ nonce, state }) => [nonce, state])).toEqual([
    ['b', 'sending'],
    ['a', 'sending'],
  ])
})

test('times keep the order, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 20 }), (clock) => {
      const queue: Pending[] = []
      for (const [n, now] of clock.entries())
        queue.push({ ...pending(String(n)), created_at: timeBehind(queue, now) })
      expect(inOrder(queue.toReversed())).toEqual(queue)
    }),
  )
})

const file = (key: string, id: number): Attached => ({
  key,
  id,
  url: '',
  name: `${key}.png`,
  mime: 'image/png',
  size: 1,
  alt: null,
  width: null,
  height: null,
  blur_hash: null,
  duration_ms: null,
  text_preview: null,
  renditions: [],
})

test('a message goes out when its last file is there, and lets others pass until then', () => {
  const waiting = { ...pending('a'), files: [file('x', 0), file('y', 7)] }
  const queue = [waiting, pending('b')]
  expect(nextIn(queue, 1)?.nonce).toBe('b')
  const there = after(queue, { type: 'file', key: 'x', file: file('x', 8) })
  expect(nextIn(there, 1)).toMatchObject({ nonce: 'a', files: [{ id: 8 }, { id: 7 }] })
  expect(chatsOf([waiting])).toEqual([])
})

test('a file that is taken out leaves the text, and nothing where there is none', () => {
  const out: Action = { type: 'file', key: 'x', file: undefined }
  const text = { ...pending('a'), files: [file('x', 0)] }
  expect(after([text], out)).toMatchObject([{ nonce: 'a', files: [] }])
  expect(after([{ ...text, content: '' }], out)).toEqual([])
  expect(after([pending('a')], out)).toEqual([pending('a')])
})

test('what fails and is tried again keeps its files', () => {
  const queue = play(
    [
      { type: 'failed', nonce: 'a', reason: 'server' },
      { type: 'retried', nonce: 'a', at: at(5) },
    ],
    [{ ...pending('a'), files: [file('x', 9)] }],
  )
  expect(queue).toMatchObject([{ state: 'sending', files: [{ id: 9 }] }])
})
