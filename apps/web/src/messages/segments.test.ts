import type { Event, Message } from '@parley/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message } from './fixtures/message.ts'
import {
  type Segment,
  applyToSegments,
  closed,
  hasMoreAfter,
  hasMoreBefore,
  insertMessage,
  keepAround,
  mergeSegment,
  segmentAt,
  segmentOf,
} from './segments.ts'

const newMessage = (one: Message): Event => ({
  topic: 'chat:1',
  seq: one.seq,
  kind: 'NewMessage',
  at: one.created_at,
  actor_id: 7,
  message: one,
})

/** A server with its messages; pages as the real one cuts them. */
class Chat {
  messages: Message[] = []
  seq = 0
  send(skip: number): Message {
    this.seq += 1 + skip
    const sent = message(this.seq)
    this.messages.push(sent)
    return sent
  }
  edit(index: number): Event | undefined {
    const one = this.messages[index % Math.max(1, this.messages.length)]
    if (!one) return undefined
    const at = new Date(1e12 + ++this.seq).toISOString()
    const edited = { ...one, content: `${one.content}!`, edited_at: at }
    this.messages = this.messages.map((known) => (known.id === one.id ? edited : known))
    return {
      topic: 'chat:1',
      seq: this.seq,
      kind: 'MessageUpdated',
      at,
      actor_id: 7,
      message: edited,
      mentions_before: [],
    }
  }
  cut(from: number, to: number) {
    return {
      messages: this.messages.slice(Math.max(0, from), to),
      has_more_before: from > 0,
      has_more_after: to < this.messages.length,
    }
  }
  newest = (limit: number) => this.cut(this.messages.length - limit, this.messages.length)
  index = (seq: number) => {
    const at = this.messages.findIndex((one) => one.seq >= seq)
    return at === -1 ? this.messages.length : at
  }
  before = (seq: number, limit: number) => this.cut(this.index(seq) - limit, this.index(seq))
  after = (seq: number, limit: number) => this.cut(this.index(seq + 1), this.index(seq + 1) + limit)
  around = (seq: number, limit: number) =>
    this.cut(this.index(seq) - limit, this.index(seq) + limit)
}

const merge = (segments: readonly Segment[], segment: Segment | undefined) =>
  segment ? mergeSegment(segments, segment) : segments

function expectNoHoles(segments: readonly Segment[], chat: Chat): void {
  for (const [index, { from, to, messages }] of segments.entries()) {
    expect(messages).toEqual(chat.messages.filter(({ seq }) => from <= seq && seq <= to))
    expect(to + 1 < (segments[index + 1]?.from ?? Infinity) || index === segments.length - 1).toBe(
      true,
    )
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('send'), n: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('edit'), n: fc.nat(200) }) },
  fc.record({ does: fc.constant('newest'), n: fc.nat(4) }),
  { weight: 3, arbitrary: fc.record({ does: fc.constant('around'), n: fc.nat(300) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('older'), n: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('newer'), n: fc.nat(9) }) },
  fc.record({ does: fc.constant('restart'), n: fc.nat(300) }),
)

/** Events are lost, and only what is around a place is kept and fetched again. */
function restart(segments: readonly Segment[], seq: number, chat: Chat): readonly Segment[] {
  const shown = segmentAt(segments, seq)
  const kept = shown && keepAround(shown, seq, 3)
  const rest = kept ? [closed(kept)] : []
  return merge(rest, segmentOf(chat.around(seq, 3), { around: seq }))
}

function take(
  segments: readonly Segment[],
  { does, n }: { does: string; n: number },
  chat: Chat,
): readonly Segment[] {
  const limit = 1 + (n % 5)
  const one = segments[n % Math.max(1, segments.length)]
  const seq = Math.min(n, chat.seq)
  if (does === 'send') return applyToSegments(segments, newMessage(chat.send(n)), 1)
  if (does === 'edit') {
    const event = chat.edit(n)
    return event ? applyToSegments(segments, event, 1) : segments
  }
  if (does === 'newest') return merge(segments, segmentOf(chat.newest(limit), {}))
  if (does === 'around') return merge(segments, segmentOf(chat.around(seq, limit), { around: seq }))
  if (does === 'restart') return restart(segments, seq, chat)
  if (!one) return segments
  if (does === 'older' && hasMoreBefore(one))
    return merge(segments, segmentOf(chat.before(one.from, limit), { before: one.from }))
  if (does === 'newer' && hasMoreAfter(one))
    return merge(segments, segmentOf(chat.after(one.to, limit), { after: one.to }))
  return segments
}

describe('segments', () => {
  it('hold everything from their first to their last seq, whatever is fetched and happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const chat = new Chat()
        let segments: readonly Segment[] = []
        for (const one of steps) {
          segments = take(segments, one, chat)
          expectNoHoles(segments, chat)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('lead to the true last message by newer pages, through all gaps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(300), (steps, n) => {
        const chat = new Chat()
        for (let i = 0; i < 40; i++) chat.send(i % 3)
        let segments: readonly Segment[] = []
        for (const one of steps) segments = take(segments, one, chat)
        const seq = Math.min(n, chat.seq)
        segments = merge(segments, segmentOf(chat.around(seq, 2), { around: seq }))
        for (let shown = segmentAt(segments, seq); shown && hasMoreAfter(shown);) {
          segments = merge(segments, segmentOf(chat.after(shown.to, 4), { after: shown.to }))
          shown = segmentAt(segments, seq)
        }
        const shown = segmentAt(segments, seq)
        expect(shown?.messages.at(-1)).toEqual(chat.messages.at(-1))
      }),
    )
  })

  it('of an empty chat reach from end to end', () => {
    const empty = { messages: [], has_more_before: false, has_more_after: false }
    expect(segmentOf(empty, {})).toEqual({ from: 0, to: Infinity, messages: [] })
    expect(segmentOf({ ...empty, has_more_after: true }, { before: 5 })).toMatchObject({ to: 4 })
  })

  it('take the answer to a sender before events that happened earlier', () => {
    const end: Segment = { from: 0, to: Infinity, messages: [message(1)] }
    const answered = insertMessage(end, message(9))
    const [late] = applyToSegments([answered], newMessage(message(5)), 1)
    expect(late?.messages.map(({ seq }) => seq)).toEqual([1, 5, 9])
    expect(insertMessage(answered, message(9))).toBe(answered)
  })

  it('stay the same object where an event is not theirs', () => {
    const segments: Segment[] = [{ from: 3, to: 8, messages: [message(4)] }]
    expect(applyToSegments(segments, newMessage(message(20)), 1)).toBe(segments)
    expect(applyToSegments(segments, { ...newMessage(message(5)), topic: 'chat:2' }, 1)).toBe(
      segments,
    )
  })
})
