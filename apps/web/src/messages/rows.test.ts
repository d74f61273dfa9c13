import type { Message } from '@parley/contract'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Pending } from './outbox/queue.ts'
import { type RowsInput, growth, rowsOf } from './rows.ts'

const message = (seq: number, change: Partial<Message> = {}): Message => ({
  id: seq * 10,
  chat_id: 1,
  seq,
  sender_id: 7,
  content: `m${seq}`,
  files: [],
  nonce: null,
  reply_to: null,
  mentions: [],
  reactions: [],
  edited_at: null,
  deleted_at: null,
  created_at: `2026-03-10T10:${String(seq % 60).padStart(2, '0')}:00.000Z`,
  ...change,
})
const pending = (nonce: string, created_at = '2026-03-10T10:59:00.000Z'): Pending => ({
  nonce,
  chat_id: 1,
  content: nonce,
  created_at,
  state: 'sending',
})
const rows = (messages: Message[], rest: Partial<RowsInput> = {}) =>
  rowsOf({
    messages,
    pending: [],
    me: 1,
    newAfter: undefined,
    dayOf: (at) => at.slice(0, 10),
    ...rest,
  })

describe('rows', () => {
  it('keep one author’s messages within 5 minutes together', () => {
    const heads = rows([
      message(1),
      message(6),
      message(12),
      message(13, { sender_id: 8 }),
      message(14),
      message(15, { reply_to: 10 }),
      message(16, { deleted_at: '2026-03-10T11:00:00.000Z' }),
    ]).map(({ head }) => head)
    expect(heads).toEqual([true, false, true, true, true, true, false])
  })

  it('begin each day with its line', () => {
    const shown = rows([
      message(1, { created_at: '2026-03-10T23:59:00.000Z' }),
      message(2, { created_at: '2026-03-11T00:01:00.000Z' }),
      message(3, { created_at: '2026-03-11T00:02:00.000Z' }),
    ])
    expect(shown.map(({ day }) => day)).toEqual(['2026-03-10', '2026-03-11', undefined])
    expect(shown.map(({ head }) => head)).toEqual([true, true, false])
  })

  it('have the New line above the first of others that is not read', () => {
    const messages = [
      message(1),
      message(2, { sender_id: 1 }),
      message(3, { deleted_at: '2026-03-10T11:00:00.000Z' }),
      message(4),
      message(5),
    ]
    const isNew = (newAfter?: number) => rows(messages, { newAfter }).findIndex((row) => row.isNew)
    expect(isNew()).toBe(-1)
    expect(isNew(0)).toBe(0)
    expect(isNew(1)).toBe(3)
    expect(isNew(4)).toBe(4)
    expect(isNew(5)).toBe(-1)
    expect(rows(messages, { newAfter: 4 })[4]?.head).toBe(true)
  })

  it('have the key of one’s own message from before the server knew it', () => {
    const [before] = rows([], { pending: [pending('a')] })
    const [after, ...rest] = rows([message(1, { sender_id: 1, nonce: 'a' })], {
      pending: [pending('a')],
    })
    expect(after?.key).toBe(before?.key)
    expect(rest).toEqual([])
    const [others] = rows([message(1, { nonce: 'a' })])
    expect(others?.key).toBe('m:10')
  })

  it('put what is still to be sent last, and together with one’s own', () => {
    const shown = rows([message(58, { sender_id: 1 })], { pending: [pending('a'), pending('b')] })
    expect(shown.map(({ key, head }) => [key, head])).toEqual([
      ['m:580', true],
      ['n:a', false],
      ['n:b', false],
    ])
  })

  it('have each key once, and tell how they grew', () => {
    const all = Array.from({ length: 60 }, (_, index) => message(index + 1))
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60), (a, b, c, d) => {
        const [start, from, to, end] = [a, b, c, d].toSorted((x, y) => x - y)
        const before = rows(all.slice(from, to))
        const after = rows(all.slice(start, end))
        expect(new Set(after.map(({ key }) => key)).size).toBe(after.length)
        const grew = growth(before, after)
        const known = before.length === 0
        expect(grew).toEqual(
          known ? undefined : { start: (from ?? 0) - (start ?? 0), end: (end ?? 0) - (to ?? 0) },
        )
      }),
    )
  })
})

describe('days', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    vi.useFakeTimers({ now: new Date('2026-03-10T12:00:00Z') })
    vi.resetModules()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  it('are the reader’s, and pass at local midnight', async () => {
    const { appWords } = await import('../words/words.ts')
    await appWords()
    const { dayLabel, dayOf, followDays } = await import('./days.ts')
    expect(dayOf('2026-03-10T22:59:59.000Z')).toBe('2026-03-10')
    expect(dayOf('2026-03-10T23:00:00.000Z')).toBe('2026-03-11')
    vi.stubGlobal('document', {
      addEventListener: vi.fn<() => void>(),
      removeEventListener: vi.fn<() => void>(),
    })
    const end = followDays()
    expect(dayLabel('2026-03-10')).toBe('Today')
    expect(dayLabel('2026-03-09')).toBe('Yesterday')
    expect(dayLabel('2026-03-08')).toBe('Sunday, March 8')
    expect(dayLabel('2025-03-08')).toBe('Saturday, March 8, 2025')
    vi.advanceTimersByTime(11 * 3_600_000 + 100)
    expect(dayLabel('2026-03-11')).toBe('Today')
    expect(dayLabel('2026-03-10')).toBe('Yesterday')
    end()
  })
})
