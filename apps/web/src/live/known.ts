import type { Event } from '@parley/contract'
import { type State, reduceAll } from '@parley/sdk'
import { shallowRef } from 'vue'
import { keepOnly } from './cache.ts'
import { createListeners } from './listeners.ts'
import { readableEvent, tellBroken } from './readable.ts'
import { repaired } from './repair.ts'

/**
 * So often at most is drawn what comes, in milliseconds: the first at once, those that follow fast
 * together. A slow machine has time for its person then.
 */
const leastMs = 100

/** The account's state, as events make it. */
export function createKnown(onChange: () => void) {
  const state = shallowRef<State>()
  const listeners = createListeners<readonly Event[]>()
  const restarts = createListeners<void>()
  let arrived: Event[] = []
  let flushed = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function replace(next: State): void {
    state.value = next
    onChange()
  }
  /** Asks for what the events could not tell. */
  async function repair(): Promise<void> {
    for (const work of state.value ? repaired(state.value) : []) {
      const mend = await work().catch(() => undefined)
      if (state.value && mend) replace(mend(state.value))
    }
  }
  /** Events of one turn are one change: a screen that shows them is drawn once. */
  function flush(): void {
    clearTimeout(timer)
    flushed = performance.now()
    const events = arrived
    arrived = []
    absorb(events)
  }
  /** One that is broken takes no other away. */
  function absorb(events: readonly Event[]): void {
    if (state.value === undefined || events.length === 0) return
    let next: State
    try {
      next = reduceAll(state.value, events)
    } catch {
      tellBroken()
      if (events.length > 1) for (const event of events) absorb([event])
      return
    }
    if (next.chats.size < state.value.chats.size) keepOnly(next.chats)
    replace(next)
    listeners.tell(events)
    void repair()
  }
  function take(event: Event): void {
    const whole = readableEvent(event)
    if (!whole || arrived.push(whole) > 1) return
    const ms = flushed + leastMs - performance.now()
    // Where nobody looks timers come late, and notifications must not.
    if (ms <= 0 || document.visibilityState === 'hidden') queueMicrotask(flush)
    else timer = setTimeout(flush, ms)
  }
  function begin(next: State): void {
    // A page that shows what was kept already goes on with it.
    if (next === state.value) return
    const again = state.value !== undefined
    arrived = []
    replace(next)
    keepOnly(next.chats)
    if (again) restarts.tell()
    void repair()
  }
  return {
    state,
    flush,
    take,
    begin,
    clear: () => void (state.value = undefined),
    /** Told of the events after the state has them, each once. Returns what ends it. */
    onEvents: listeners.on,
    /** Called when events were lost for good and the state was replaced. */
    onRestart: restarts.on,
  }
}
