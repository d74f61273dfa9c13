import type { Presence } from '@parley/contract'
import { presencesAfter } from '@parley/sdk'
import { defineStore } from 'pinia'
import { type ComputedRef, computed, onScopeDispose, shallowRef, watch } from 'vue'
import { client } from '../app/client.ts'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'

/** The server is asked for so many at a time. */
const most = 100
/** People who come into view together are one question. */
const gatherMs = 50
/** A connection that is gone for longer tells nothing of anybody any more. */
const goneMs = 2_000
/** A server that has just begun may not have heard of all, and tells nobody what it hears so late. */
const settleMs = 5_000
/** Of those whom no event tells about. */
const againMs = 300_000

/** Tells when there is a connection, a moment later once more, and when there was none for some time. */
function watchConnection(onLive: (again: boolean) => void, onGone: () => void): () => void {
  const live = useLive()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = watch(
    () => live.connection.state === 'live',
    (isLive) => {
      clearTimeout(timer)
      if (isLive) onLive(false)
      timer = isLive ? setTimeout(() => onLive(true), settleMs) : setTimeout(onGone, goneMs)
    },
  )
  return () => {
    stop()
    clearTimeout(timer)
  }
}

/** Whether the people in view are there. */
const usePresences = defineStore('presences', () => {
  const live = useLive()
  const session = useSession()
  const known = shallowRef<ReadonlyMap<number, Presence>>(new Map())
  /** By how many parts of the page each is shown. */
  const shown = new Map<number, number>()
  const waiting = new Set<number>()
  /** Whom events told about while a question is under way: they are newer than its answer. */
  const told = new Set<number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false

  const isOffline = (id: number): boolean => known.value.get(id) === 'offline'
  function ask(ids: Iterable<number>): void {
    for (const id of ids) waiting.add(id)
    if (waiting.size > 0 && !asking) timer ??= setTimeout(() => void send(), gatherMs)
  }
  async function send(): Promise<void> {
    timer = undefined
    // Asked for again once there is a connection.
    if (live.connection.state !== 'live') return waiting.clear()
    const ids = [...waiting].slice(0, most)
    for (const id of ids) waiting.delete(id)
    told.clear()
    asking = true
    try {
      const { presences } = await client.listPresences({ query: { ids } })
      known.value = presencesAfter(
        known.value,
        presences.filter(({ user_id }) => !told.has(user_id)),
      )
    } catch {
      // It is decoration; the next time it is asked for.
    } finally {
      asking = false
      ask([])
    }
  }
  const stops = [
    live.onEphemeral((event) => {
      if (event.kind !== 'PresenceChanged') return
      told.add(event.user_id)
      known.value = presencesAfter(known.value, event)
    }),
    watchConnection(
      (again) => ask(again ? [...shown.keys()].filter(isOffline) : shown.keys()),
      () => (known.value = new Map()),
    ),
  ]
  const again = setInterval(() => {
    if (document.visibilityState === 'visible') ask(shown.keys())
  }, againMs)
  session.onSignOut(() => {
    for (const stop of stops) stop()
    clearInterval(again)
    clearTimeout(timer)
    known.value = new Map()
  })

  function want(id: number): void {
    const times = shown.get(id) ?? 0
    shown.set(id, times + 1)
    if (times === 0) ask([id])
  }
  function leave(id: number): void {
    const times = shown.get(id) ?? 0
    if (times > 1) shown.set(id, times - 1)
    else shown.delete(id)
  }
  return {
    /** Undefined while nobody knows. */
    of: (id: number): Presence | undefined => known.value.get(id),
    want,
    leave,
  }
})

/** The presence of somebody who is shown, as long as they are; undefined where nobody knows. */
export function usePresence(who: () => number | undefined): ComputedRef<Presence | undefined> {
  const presences = usePresences()
  let shown: number | undefined
  function show(next: number | undefined): void {
    if (shown !== undefined) presences.leave(shown)
    shown = next
    if (shown !== undefined) presences.want(shown)
  }
  watch(who, show, { immediate: true })
  onScopeDispose(() => show(undefined))
  return computed(() => {
    const id = who()
    return id === undefined ? undefined : presences.of(id)
  })
}
