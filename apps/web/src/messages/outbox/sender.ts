import type { Message } from '@parley/contract'
import { type Action, type Pending, type Queue, chatsOf, nextIn } from './queue.ts'
import { verdictOn } from './verdict.ts'

export interface SenderOptions {
  queue(): Queue
  /** Applies it, keeps it and tells the other tabs. */
  act(action: Action): void
  /** One attempt. */
  send(pending: Pending, signal: AbortSignal): Promise<Message>
  connected(): boolean
  /** Does the work when nobody else does any: in one tab of all. */
  alone(work: () => Promise<void>): Promise<void>
  /** How long an attempt may take, in milliseconds. */
  limitMs: number
  /** Bounds of the time between attempts to reach the server, in milliseconds. */
  minMs: number
  maxMs: number
}

export interface Sender {
  /** There may be something to send, or a way to. */
  wake(): void
  stop(): void
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Settles as the promise does, or rejects with a TimeoutError when the time is over. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException('The server takes too long.', 'TimeoutError')
      reject(error)
      controller.abort(error)
    }, ms)
  })
  try {
    return await Promise.race([work(controller.signal), over])
  } finally {
    clearTimeout(timer)
  }
}

/** Sends what is in the queue: one message of a chat after the other, the chats beside each other. */
export function createSender(options: SenderOptions): Sender {
  const { queue, act } = options
  const lanes = new Map<number, Promise<void>>()
  let holding = false
  let asked = false
  let askedAgain = false
  let stopped = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function tryLater(): void {
    clearTimeout(timer)
    const ceiling = Math.min(options.maxMs, options.minMs * 2 ** Math.min(failures++, 30))
    timer = setTimeout(wake, options.minMs / 2 + Math.random() * ceiling)
  }

  /** Whether the lane goes on. */
  async function attempt(pending: Pending): Promise<boolean> {
    const { nonce } = pending
    try {
      const message = await within(options.limitMs, (signal) => options.send(pending, signal))
      failures = 0
      act({ type: 'answered', nonce, message })
      spawn()
      return true
    } catch (error) {
      if (stopped) return false
      const verdict = verdictOn(error, options.connected())
      if (verdict.type === 'failed') act({ type: 'failed', nonce, reason: verdict.reason })
      else if (verdict.type === 'later') await pause(verdict.ms)
      else {
        act({ type: 'unreachable' })
        if (verdict.type === 'unreachable') tryLater()
        return false
      }
      return true
    }
  }

  async function lane(chatId: number): Promise<void> {
    for (;;) {
      const next = nextIn(queue(), chatId)
      if (stopped || !next || !(await attempt(next))) return
    }
  }

  function spawn(): void {
    for (const chatId of chatsOf(queue())) {
      if (stopped || lanes.has(chatId)) continue
      lanes.set(
        chatId,
        lane(chatId).finally(() => lanes.delete(chatId)),
      )
    }
  }

  async function work(): Promise<void> {
    holding = true
    askedAgain = false
    spawn()
    while (lanes.size > 0) await Promise.race(lanes.values())
    holding = false
  }

  function wake(): void {
    clearTimeout(timer)
    if (stopped || chatsOf(queue()).length === 0) return
    if (holding) return spawn()
    askedAgain = asked
    if (asked) return
    asked = true
    void options.alone(work).finally(() => {
      asked = false
      if (askedAgain) wake()
    })
  }

  return {
    wake,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
