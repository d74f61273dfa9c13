import type { Message } from '@parley/contract'
import { NetworkError, ParleyError } from '@parley/sdk'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Action, type Pending, type Queue, after, unsent } from './queue.ts'
import { type SenderOptions, createSender } from './sender.ts'

const problem = (status: number, code: string, retryAfterMs?: number) =>
  new ParleyError({ status, code, title: '', detail: '', request_id: '' }, { retryAfterMs })

type Fate = 'taken' | 'lost' | 'answer lost' | 'limited' | 'away' | 'refused'

/** A server that does to each attempt what is said, and takes all beyond. */
function stage(fates: readonly Fate[], more: Partial<SenderOptions> = {}) {
  let queue: Queue = []
  const taken: { nonce: string; chat_id: number }[] = []
  const left = [...fates]
  let inFlight = 0
  const busy: number[] = []

  const take = ({ nonce, chat_id }: Pending) => {
    if (!taken.some((one) => one.nonce === nonce)) taken.push({ nonce, chat_id })
  }
  async function send(pending: Pending): Promise<Message> {
    busy.push(++inFlight)
    await new Promise((resolve) => setTimeout(resolve, 0))
    inFlight--
    const fate = left.shift() ?? 'taken'
    if (fate === 'taken' || fate === 'answer lost') take(pending)
    if (fate === 'lost' || fate === 'answer lost') throw new NetworkError('')
    if (fate === 'limited') throw problem(429, 'rate_limited', 1)
    if (fate === 'away') throw problem(503, 'unavailable')
    if (fate === 'refused') throw problem(404, 'not_found')
    return {
      ...pending,
      id: 1,
      seq: 1,
      sender_id: 1,
      files: [],
      reply_to: null,
      mentions: [],
      reactions: [],
      edited_at: null,
      deleted_at: null,
    }
  }
  const act = (action: Action) => void (queue = after(queue, action))
  const sender = createSender({
    queue: () => queue,
    act,
    send,
    connected: () => true,
    alone: (work) => work(),
    limitMs: 10_000,
    minMs: 1,
    maxMs: 2,
    ...more,
  })
  return {
    taken,
    busy,
    queue: () => queue,
    act,
    sender,
    write(nonce: string, chat_id: number) {
      act({
        type: 'added',
        pending: { nonce, chat_id, content: '', created_at: '', state: 'sending' },
      })
      sender.wake()
    },
  }
}

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { interval: 1, timeout: 10_000 })

test('each message arrives once and in order, however the attempts end', async () => {
  const fate = fc.constantFrom<Fate>('taken', 'lost', 'answer lost', 'limited', 'away')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { maxLength: 12 }),
      fc.array(fc.constantFrom<number>(1, 2, 3), { minLength: 1, maxLength: 8 }),
      async (fates, chats) => {
        const { taken, queue, write } = stage(fates)
        const written = chats.map((chat_id, n) => ({ nonce: String(n), chat_id }))
        for (const { nonce, chat_id } of written) write(nonce, chat_id)
        await until(() => unsent(queue()) === 0)
        const of = (list: typeof written, chat: number) =>
          list.filter(({ chat_id }) => chat_id === chat)
        for (const chat of [1, 2, 3]) expect(of(taken, chat)).toEqual(of(written, chat))
      },
    ),
    { numRuns: 60 },
  )
})

test('a refused message does not hold up what is behind it', async () => {
  const { taken, queue, write } = stage(['refused'])
  write('a', 1)
  write('b', 1)
  await until(() => unsent(queue()) === 1)
  expect(taken).toEqual([{ nonce: 'b', chat_id: 1 }])
  expect(queue()[0]).toMatchObject({ state: 'failed', reason: 'gone' })
})

test('one message of a chat at a time, the chats beside each other', async () => {
  const { busy, queue, write } = stage([])
  for (const [n, chat] of [1, 1, 2, 2].entries()) write(String(n), chat)
  await until(() => unsent(queue()) === 0)
  expect(Math.max(...busy)).toBe(2)
})

test('an attempt without an end is given up, for good only with a connection', async () => {
  const hangs = { send: () => new Promise<never>(() => undefined), limitMs: 5, minMs: 1_000 }
  const online = stage([], hangs)
  online.write('a', 1)
  await until(() => online.queue()[0]?.reason === 'timeout')
  const offline = stage([], { ...hangs, connected: () => false })
  offline.write('a', 1)
  await until(() => offline.queue()[0]?.state === 'waiting')
  offline.sender.stop()
})

test('whoever asks while the lock is on its way back is not forgotten', async () => {
  const later = async (work: () => Promise<void>) => {
    await work()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { queue, write } = stage([], { alone: later })
  write('a', 1)
  await until(() => unsent(queue()) === 0)
  write('b', 1)
  await until(() => unsent(queue()) === 0)
})
