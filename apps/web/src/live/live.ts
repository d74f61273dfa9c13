import type { Chat, Ephemeral, Event, Workspace } from '@parley/contract'
import { type State, type StreamState, reduceAll } from '@parley/sdk'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useSession } from '../auth/session.ts'
import { attend } from './attendance.ts'
import { keepOnly, openCache, purgeCache, rememberState } from './cache.ts'
import { confirmSession } from './confirm.ts'
import { type Following, follow } from './follow.ts'
import { createListeners } from './listeners.ts'
import { browserPorts } from './ports.ts'
import { repaired } from './repair.ts'

/** How often the state is written to the disk at the most, in milliseconds. */
const writeMs = 5_000

/** What the account sees, kept up to date by its events. */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const state = shallowRef<State>()
  const connection = shallowRef<StreamState>({ state: 'connecting', reason: 'start' })
  const events = createListeners<readonly Event[]>()
  const ephemerals = createListeners<Ephemeral>()
  const restarts = createListeners<void>()
  const ends: (() => void)[] = []
  let userId = 0
  let starting: Promise<void> | undefined
  let following: Following | undefined
  let arrived: Event[] = []
  let writing: ReturnType<typeof setTimeout> | undefined

  /** Events of one turn are one change: a screen that shows them is drawn once. */
  function flush(): void {
    const taken = arrived
    arrived = []
    if (state.value === undefined || taken.length === 0) return
    const next = reduceAll(state.value, taken)
    if (next.chats.size < state.value.chats.size) keepOnly(next.chats)
    replace(next)
    events.tell(taken)
    void repair()
  }
  function replace(next: State): void {
    state.value = next
    writing ??= setTimeout(write, writeMs)
  }
  /** Asks for what the events could not tell. */
  async function repair(): Promise<void> {
    for (const work of state.value ? repaired(state.value) : []) {
      const mend = await work().catch(() => undefined)
      if (state.value && mend) replace(mend(state.value))
    }
  }
  function write(): void {
    clearTimeout(writing)
    writing = undefined
    flush()
    const cursor = following?.cursor()
    if (state.value && cursor !== undefined) rememberState(userId, { state: state.value, cursor })
  }

  function onStart(next: State): void {
    const again = state.value !== undefined
    arrived = []
    session.me = next.me
    replace(next)
    keepOnly(next.chats)
    if (again) restarts.tell()
  }
  async function begin(id: number): Promise<void> {
    userId = id
    const kept = await openCache(id)
    if (kept) onStart(kept.state)
    await confirmSession((next) => (connection.value = next), kept !== undefined)
    following = await follow({
      ports: browserPorts(id),
      from: kept,
      // A page that shows what was kept already goes on with it.
      onStart: (next) => {
        if (next !== state.value) onStart(next)
      },
      onEvent(event) {
        if (arrived.push(event) === 1) queueMicrotask(flush)
      },
      onEphemeral: ephemerals.tell,
      onConnection: (next) => (connection.value = next),
      onSessionEnd: session.ended,
    })
    ends.push(attend(following, write), session.onRenewed(following.renewed))
    void repair()
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
    state.value = undefined
    clearTimeout(writing)
    writing = undefined
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
    /** Told of the events after the state has them, each once. Returns what ends it. */
    onEvents: events.on,
    /** Told of who writes and who is there. Returns what ends it. */
    onEphemeral: ephemerals.on,
    /** Called when events were lost for good and the state was replaced. */
    onRestart: restarts.on,
  }
})
