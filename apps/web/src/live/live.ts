import type { Chat, Ephemeral, Workspace } from '@parley/contract'
import type { State, StreamState } from '@parley/sdk'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useSession } from '../auth/session.ts'
import { attend } from './attendance.ts'
import { openCache, purgeCache, rememberState } from './cache.ts'
import { confirmSession } from './confirm.ts'
import { type Following, follow } from './follow.ts'
import { createKnown } from './known.ts'
import { createListeners } from './listeners.ts'
import { browserPorts } from './ports.ts'
import { createSaving } from './saving.ts'
import { settled } from './settled.ts'

/** What the account sees, kept up to date by its events. */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const connection = shallowRef<StreamState>({ state: 'connecting', reason: 'start' })
  const ends: (() => void)[] = []
  let userId = 0
  let starting: Promise<void> | undefined
  let following: Following | undefined

  const saving = createSaving(() => {
    known.flush()
    const cursor = following?.cursor()
    const state = known.state.value
    if (!state || cursor === undefined) return false
    rememberState(userId, { state, cursor })
    return true
  })
  const known = createKnown(saving.soon)
  const { state } = known
  const ephemerals = createListeners<Ephemeral>()

  function show(next: StreamState): void {
    connection.value = next
  }
  function onStart(next: State): void {
    session.me = next.me
    known.begin(next)
  }
  function leave(): void {
    known.flush()
    saving.now()
  }
  async function begin(id: number): Promise<void> {
    userId = id
    const kept = await openCache(id)
    if (kept) onStart(kept.state)
    await confirmSession(show, kept !== undefined)
    following = await follow({
      ports: browserPorts(id),
      from: kept,
      onStart,
      onEvent: known.take,
      onEphemeral: ephemerals.tell,
      onConnection: show,
      onSessionEnd: session.ended,
    })
    ends.push(attend(following, leave), session.onRenewed(following.renewed))
  }
  /** Follows the account; what the browser kept of it shows at once. Throws where there is nothing to show. */
  function start(id: number): Promise<void> {
    starting ??= begin(id).catch((error: unknown) => {
      starting = undefined
      throw error
    })
    return starting
  }
  function stop(): void {
    following?.stop()
    for (const end of ends.splice(0)) end()
    following = undefined
    starting = undefined
    saving.stop()
    known.clear()
  }
  session.onSignOut(() => {
    stop()
    return purgeCache()
  })

  return {
    state,
    connection,
    workspaces: computed<Workspace[]>(() => [...(state.value?.workspaces.values() ?? [])]),
    chats: computed<Chat[]>(() => [...(state.value?.chats.values() ?? [])]),
    chat: (id: number): Chat | undefined => state.value?.chats.get(id),
    userName: (id: number): string => state.value?.users.get(id)?.username ?? '…',
    /** Whether this tab follows the stream: what is to happen once in the browser happens here. */
    leads: (): boolean => following?.leads() ?? false,
    start,
    stop,
    /** Resolves once it is live, or clear that it will not be at once. */
    settled: () => settled(connection),
    onEvents: known.onEvents,
    /** Told of who writes and who is there. Returns what ends it. */
    onEphemeral: ephemerals.on,
    onRestart: known.onRestart,
  }
})
