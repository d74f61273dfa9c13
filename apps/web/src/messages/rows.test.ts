import type { Message } from '@parley/contract'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { message } from './fixtures/message.ts'
import type { Pending } from './outbox/queue.ts'
import { type Row, type Rows, type RowsInput, growth, rowsAfter, rowsOf } from './rows.ts'

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

describe('rows that go on from others', () => {
  /** What may happen to a list: pages come at both ends, messages change, others are sent. */
  const step = fc.record({
    before: fc.nat(3),
    after: fc.nat(3),
    edited: fc.option(fc.nat(40)),
    gone: fc.option(fc.nat(40)),
    pending: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
    newAfter: fc.option(fc.nat(60)),
    senders: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }),
  })

  it('are those that would be made of everything, and the same objects where nothing changed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let before: Rows | undefined
        let messages: Message[] = [message(30)]
        const byKey = new Map<string, Row>()
        for (const { before: older, after, edited, gone, pending: nonces, ...rest } of steps) {
          const [first = 30, last = 30] = [messages[0]?.seq, messages.at(-1)?.seq]
          const another = (seq: number, n: number) =>
            message(seq, { sender_id: rest.senders[n] ?? 1, created_at: day(seq) })
          messages = [
            ...Array.from({ length: older }, (_, n) => another(first - older + n, n)),
            ...messages.map((one, n) => (n === edited ? { ...one, content: 'edited' } : one)),
            ...Array.from({ length: after }, (_, n) => another(last + 1 + n, 3 + n)),
          ].filter((_, n) => n !== gone)
          const input: RowsInput = {
            messages,
            pending: [...new Set(nonces)].map((nonce) => pending(nonce)),
            me: 1,
            newAfter: rest.newAfter ?? undefined,
            dayOf: (at) => at.slice(0, 10),
          }
          const next = rowsAfter(before, input)
          expect(next.rows).toEqual(rowsOf(input))
          for (const key of next.gone.keys()) byKey.delete(key)
          for (const row of next.made) byKey.set(row.key, row)
          expect(byKey).toEqual(new Map(next.rows.map((row) => [row.key, row])))
          const again = rowsAfter(next, { ...input, messages: [...messages] })
          expect(again.rows.every((row, n) => row === next.rows[n])).toBe(true)
          before = next
        }
      }),
    )
  })

  it('are looked at only where the list changed', () => {
    let asked = 0
    const dayOf = (at: string) => {
      asked++
      return at.slice(0, 10)
    }
    const many = Array.from({ length: 10_000 }, (_, n) => message(n + 100))
    const input = { messages: many, pending: [], me: 1, newAfter: undefined, dayOf }
    const all = rowsAfter(undefined, input)
    asked = 0
    const older = [message(99), ...many]
    const more = rowsAfter(rowsAfter(all, { ...input, messages: older }), {
      ...input,
      messages: [...older, message(10_100)],
    })
    expect(more.rows).toHaveLength(10_002)
    expect(asked).toBeLessThan(12)
  })
})

const day = (seq: number): string =>
  `2026-03-${String(1 + (Math.floor(seq / 4) % 28)).padStart(2, '0')}T10:${String(seq % 60).padStart(2, '0')}:00.000Z`
