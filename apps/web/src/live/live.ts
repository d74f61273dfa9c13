import type { Chat, Ephemeral, Event, Workspace } from '@parley/contract'
import {
  type State,
  type StreamState,
  meetUsers,
  missingUsers,
  recount,
  reduceAll,
} from '@parley/sdk'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { type Following, follow } from './follow.ts'
import { createListeners } from './listeners.ts'

/** What the account sees, kept up to date by its events. */
export const useLive = defineStore('live', () => {
  const state = shallowRef<State>()
  const connection = shallowRef<StreamState>({ state: 'connecting', reason: 'start' })
  const events = createListeners<readonly Event[]>()
  const ephemerals = createListeners<Ephemeral>()
  const restarts = createListeners<void>()
  let following: Following | undefined
  let arrived: Event[] = []

  /** Events of one turn are one change: a screen that shows them is drawn once. */
  function flush(): void {
    const taken = arrived
    arrived = []
    if (state.value === undefined || taken.length === 0) return
    state.value = reduceAll(state.value, taken)
    events.tell(taken)
    void repair()
  }

  /** Asks for what the events could not tell. */
  async function repair(): Promise<void> {
    if (state.value === undefined) return
    const { doubtful } = state.value
    const missing = missingUsers(state.value).slice(0, 100)
    for (const id of doubtful) {
      const chat = await client.getChat({ params: { id } }).catch(() => undefined)
      if (chat) state.value = recount(state.value, chat)
    }
    if (missing.length === 0) return
    const found = await client.listUsers({ query: { ids: missing } }).catch(() => undefined)
    if (found) state.value = meetUsers(state.value, found.users)
  }

  async function start(userId: number, onSignedOut: () => void): Promise<void> {
    following ??= await follow({
      client,
      userId,
      state: () => {
        flush()
        if (state.value === undefined) throw new Error('a stream before the bootstrap')
        return state.value
      },
      onStart(next) {
        const again = state.value !== undefined
        arrived = []
        state.value = next
        if (again) restarts.tell()
      },
      onEvent(event) {
        if (arrived.push(event) === 1) queueMicrotask(flush)
      },
      onEphemeral: ephemerals.tell,
      onConnection: (next) => (connection.value = next),
      onSignedOut,
    })
  }

  /** Forgets everything; `signedOut` also in the other tabs. */
  function stop(signedOut: boolean): void {
    if (signedOut) following?.signedOut()
    following?.stop()
    following = undefined
    state.value = undefined
  }

  return {
    state,
    connection,
    workspaces: computed<Workspace[]>(() => [...(state.value?.workspaces.values() ?? [])]),
    chats: computed<Chat[]>(() => [...(state.value?.chats.values() ?? [])]),
    chat: (id: number): Chat | undefined => state.value?.chats.get(id),
    userName: (id: number): string => state.value?.users.get(id)?.username ?? '…',
    start,
    stop,
    /** Told of the events after the state has them. Returns what ends it. */
    onEvents: events.on,
    /** Told of who writes and who is there. Returns what ends it. */
    onEphemeral: ephemerals.on,
    /** Called when events were lost for good and the state was replaced. */
    onRestart: restarts.on,
  }
})
