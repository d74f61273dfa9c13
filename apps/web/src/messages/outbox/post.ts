import type { Event } from '@parley/contract'
import { type Ref, type ShallowRef, watch } from 'vue'
import { client } from '../../app/client.ts'
import { useSession } from '../../auth/session.ts'
import { useLive } from '../../live/live.ts'
import { useTimelines } from '../timeline.ts'
import { type Account, openAccount } from './account.ts'
import type { Drafts } from './drafts.ts'
import { type Action, type Pending, type Queue, overtaken, unsent } from './queue.ts'
import { type Sender, createSender } from './sender.ts'
import { useWakes } from './wakes.ts'

/** After this an attempt counts as failed, in milliseconds. */
const limitMs = 10_000
/** Bounds of the time between attempts to reach the server, in milliseconds. */
const bounds = { minMs: 1_000, maxMs: 30_000 }

/** Pages without TLS have no locks: each tab sends then, and the nonces make it good. */
const alone = async (userId: number, work: () => Promise<void>): Promise<void> =>
  'locks' in navigator
    ? navigator.locks.request(`parley.outbox.${userId}`, work)
    : Promise.resolve().then(work)

/** What is said of its files goes first: nobody gets them without. */
async function send({ chat_id, content, nonce, files }: Pending, signal: AbortSignal) {
  const options = { signal, retryLimitMs: 0 }
  for (const { id, alt } of files ?? [])
    if (alt !== null) await client.describeFile({ params: { id }, body: { alt } }, options)
  return client.sendMessage(
    {
      params: { id: chat_id },
      body: { content, nonce, ...(files && { files: files.map(({ id }) => id) }) },
    },
    options,
  )
}

/** An event may come before the answer, and before its list is loaded. */
function heard(event: Event, me: number | undefined): Action[] {
  if (event.kind !== 'NewMessage' || event.message.sender_id !== me) return []
  const { message } = event
  return message.nonce === null ? [] : [{ type: 'answered', nonce: message.nonce, message }]
}

/** Brings what is in the queue to the server, as long as its account is signed in. */
export function usePost(queue: ShallowRef<Queue>, drafts: Drafts, volatile: Ref<boolean>) {
  const session = useSession()
  const live = useLive()
  const timelines = useTimelines()
  let account: Account | undefined
  let sender: Sender | undefined

  const act = (action: Action, dropDraftOf?: number) => account?.act(action, dropDraftOf)

  /** Rows whose messages are in the list are taken away in the turn that brings those. */
  function settle(): void {
    if (queue.value.length === 0 || !live.state) return
    const nonces = overtaken(
      queue.value,
      ({ chat_id, seq }) => !live.chat(chat_id) || timelines.shows(chat_id, seq),
    )
    act({ type: 'settled', nonces })
  }

  function open(userId: number): void {
    volatile.value = false
    account = openAccount({
      userId,
      queue,
      drafts,
      onTrouble: () => (volatile.value = true),
      onAnswer: timelines.received,
      onChange: () => sender?.wake(),
    })
    sender = createSender({
      ...bounds,
      limitMs,
      send,
      queue: () => queue.value,
      act(action) {
        act(action)
        settle()
      },
      connected: () => navigator.onLine && live.connection.state !== 'offline',
      alone: (work) => alone(userId, work),
    })
  }

  async function close(forget: boolean): Promise<void> {
    if (!forget) drafts.flush()
    sender?.stop()
    const closing = account?.close(forget)
    sender = account = undefined
    queue.value = []
    drafts.clear()
    await closing
  }

  watch(
    () => session.me?.id,
    async (id) => {
      await close(false)
      if (id !== undefined && id === session.me?.id) open(id)
    },
    { immediate: true, flush: 'sync' },
  )
  live.onEvents((events) => {
    for (const event of events) for (const action of heard(event, session.me?.id)) act(action)
    settle()
  })
  live.onRestart(settle)
  timelines.onShown(settle)
  watch(
    () => live.connection.state,
    (state) => state === 'live' && sender?.wake(),
  )
  useWakes({
    wake: () => sender?.wake(),
    leave: drafts.flush,
    isLossy: () => volatile.value && unsent(queue.value) > 0,
  })

  session.onRenewed(() => sender?.wake())
  return {
    act,
    isOpen: (): boolean => account !== undefined,
    forget: (): Promise<void> => close(true),
    tellDrafts: (...args: Parameters<Account['tellDrafts']>) => account?.tellDrafts(...args),
  }
}
