import type { Event } from '@parley/contract'
import { describe, expect, it } from 'vitest'
import { message } from './fixtures/message.ts'
import { Loaded } from './loaded.ts'

const sent = (seq: number): Event => ({
  topic: 'chat:1',
  seq,
  kind: 'NewMessage',
  at: '2026-01-01T00:00:00.000Z',
  actor_id: 7,
  message: message(seq),
})
const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index))
const page = (from: number, to: number, more = { before: true, after: false }) => ({
  messages: messages(from, to),
  has_more_before: more.before,
  has_more_after: more.after,
})
const shown = ({ shown }: Loaded) => shown.value?.messages.map(({ seq }) => seq)

describe('what is loaded of a chat', () => {
  it('has what was sent while a page was on its way', async () => {
    const chat = new Loaded(1)
    const answer = Promise.withResolvers<ReturnType<typeof page>>()
    const taking = chat.take({}, () => answer.promise)
    chat.apply(sent(6))
    chat.apply(sent(7))
    answer.resolve(page(3, 6))
    await taking
    chat.show(Infinity)
    expect(shown(chat)).toEqual([3, 4, 5, 6, 7])
  })

  it('takes no page from before events were lost, and asks for it again', async () => {
    const chat = new Loaded(1)
    await chat.take({}, () => Promise.resolve(page(3, 6)))
    chat.show(Infinity)
    chat.reading = 5
    const [old, fresh] = [
      Promise.withResolvers<ReturnType<typeof page>>(),
      Promise.withResolvers<ReturnType<typeof page>>(),
    ]
    const answers = [old, fresh]
    const taking = chat.take({ before: 3 }, () => answers.shift()?.promise ?? fresh.promise)
    expect(chat.restart()).toBe(5)
    old.resolve(page(1, 2, { before: false, after: true }))
    await Promise.resolve()
    expect(shown(chat)).toEqual([3, 4, 5, 6])
    chat.apply(sent(20))
    expect(shown(chat)).toEqual([3, 4, 5, 6])
    fresh.resolve(page(2, 2, { before: false, after: true }))
    await taking
    expect(shown(chat)).toEqual([2, 3, 4, 5, 6])
    expect(chat.shown.value).toMatchObject({ hasMoreBefore: false, hasMoreAfter: true })
  })

  it('has what the answer to its sender told while a page was on its way', async () => {
    const chat = new Loaded(1)
    const answer = Promise.withResolvers<ReturnType<typeof page>>()
    const taking = chat.take({}, () => answer.promise)
    chat.insert(message(6))
    answer.resolve(page(3, 5))
    await taking
    chat.show(Infinity)
    expect(shown(chat)).toEqual([3, 4, 5, 6])
  })

  it('asks for nothing again of a chat that one is no longer in', async () => {
    const chat = new Loaded(1)
    const answer = Promise.withResolvers<ReturnType<typeof page>>()
    let asked = 0
    const taking = chat.take({}, () => {
      asked++
      return answer.promise
    })
    chat.forget()
    answer.resolve(page(3, 6))
    await taking
    chat.show(Infinity)
    expect(asked).toBe(1)
    expect(shown(chat)).toBeUndefined()
  })

  it('opens where events are lost while its first page is on its way', async () => {
    const chat = new Loaded(1)
    chat.preview([])
    const old = Promise.withResolvers<ReturnType<typeof page>>()
    const answers = [old.promise, Promise.resolve(page(3, 6))]
    const taking = chat.take({}, () => answers.shift() ?? old.promise)
    expect(chat.restart()).toBeUndefined()
    old.resolve(page(3, 5))
    await taking
    chat.show(Infinity)
    expect(shown(chat)).toEqual([3, 4, 5, 6])
  })

  it('keeps what is read over a restart, and lets the rest go', async () => {
    const chat = new Loaded(1)
    await chat.take({}, () => Promise.resolve(page(1, 400)))
    chat.show(Infinity)
    chat.reading = 200
    chat.restart()
    expect(shown(chat)?.length).toBe(100)
    expect(chat.shown.value).toMatchObject({ hasMoreBefore: true, hasMoreAfter: true })
    await chat.take({ around: 200 }, () =>
      Promise.resolve(page(150, 249, { before: true, after: true })),
    )
    expect(shown(chat)).toEqual(messages(150, 249).map(({ seq }) => seq))
  })

  it('shows a message in no list before what is loaded there reaches it', async () => {
    const chat = new Loaded(1)
    expect(chat.shows(7)).toBe(true)
    chat.isListed = true
    chat.preview(messages(1, 3))
    expect([3, 7].map((seq) => chat.shows(seq))).toEqual([false, false])
    await chat.take({}, () => Promise.resolve(page(5, 7)))
    expect(chat.shows(7)).toBe(false)
    chat.show(Infinity)
    expect([4, 5, 7, 8].map((seq) => chat.shows(seq))).toEqual([false, true, true, true])
    chat.reading = 6
    chat.restart()
    expect([7, 8].map((seq) => chat.shows(seq))).toEqual([true, false])
    chat.left()
    expect(chat.shows(8)).toBe(true)
  })

  it('is let go by a restart where nobody reads', async () => {
    const chat = new Loaded(1)
    await chat.take({}, () => Promise.resolve(page(1, 9)))
    chat.show(Infinity)
    expect(chat.restart()).toBeUndefined()
    expect(chat.shown.value).toBeUndefined()
  })

  it('is short again when one leaves', async () => {
    const chat = new Loaded(1)
    await chat.take({}, () => Promise.resolve(page(1, 900)))
    chat.show(Infinity)
    chat.reading = 900
    chat.left()
    expect(shown(chat)?.length).toBe(101)
    expect(chat.shown.value?.hasMoreAfter).toBe(false)
  })
})
