import type { Message } from '@parley/contract'
import type { Draft, Drafts } from './drafts.ts'
import { type Action, type Queue, after, inOrder } from './queue.ts'
import { type Store, openStore } from './store.ts'

/** What the tabs of an account tell each other about what is not sent. */
type Told = { type: 'action'; action: Action } | { type: 'drafts'; drafts: readonly Draft[] }

export interface AccountOptions {
  userId: number
  queue: { value: Queue }
  drafts: Drafts
  onTrouble(): void
  /** The server has taken a message, sent here or by another tab. */
  onAnswer(message: Message): void
  /** The queue is another one, by this tab, another or the disk. */
  onChange(): void
}

/** The queue and the drafts of whoever is signed in: in memory, on disk and in the other tabs. */
export interface Account {
  act(action: Action, dropDraftOf?: number): void
  tellDrafts(drafts: readonly Draft[]): void
  close(forget: boolean): Promise<void>
}

/** What the disk must be told so that it holds the queue. */
function difference(before: Queue, now: Queue) {
  const left = new Set(now.map(({ nonce }) => nonce))
  return {
    put: now.filter((pending) => !before.includes(pending)),
    remove: before.map(({ nonce }) => nonce).filter((nonce) => !left.has(nonce)),
  }
}

export function openAccount(options: AccountOptions): Account {
  const { queue, drafts } = options
  const channel = new BroadcastChannel(`parley.outbox.${options.userId}`)
  const store: Store = openStore(options.userId, options.onTrouble)
  let closed = false

  function apply(action: Action): ReturnType<typeof difference> | undefined {
    const before = queue.value
    queue.value = after(before, action)
    if (queue.value === before) return undefined
    if (action.type === 'answered') options.onAnswer(action.message)
    options.onChange()
    return difference(before, queue.value)
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.type === 'drafts') return drafts.arrive(data.drafts)
    if (data.action.type === 'added') {
      const { chat_id } = data.action.pending
      drafts.arrive([{ chat_id, text: '', start: 0, end: 0 }])
    }
    apply(data.action)
  })

  void store.load().then((kept) => {
    if (closed) return
    const written = new Set(queue.value.map(({ nonce }) => nonce))
    const old = kept.queue.filter(({ nonce }) => !written.has(nonce))
    queue.value = [...inOrder(old), ...queue.value]
    drafts.restore(kept.drafts)
    options.onChange()
  })

  return {
    act(action, dropDraftOf) {
      const change = apply(action)
      if (!change) return
      const dropped =
        dropDraftOf === undefined ? [] : [{ chat_id: dropDraftOf, text: '', start: 0, end: 0 }]
      store.write({ ...change, drafts: dropped })
      // Each tab has a list of its own, which may not have the message yet.
      if (action.type === 'settled') return
      channel.postMessage({ type: 'action', action } satisfies Told)
    },
    tellDrafts(drafts) {
      store.write({ drafts })
      channel.postMessage({ type: 'drafts', drafts } satisfies Told)
    },
    async close(forget) {
      closed = true
      channel.close()
      await store.close(forget)
    },
  }
}
