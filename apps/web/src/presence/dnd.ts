import type { DndSchedule, MyPresence } from '@parley/contract'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { useSession } from '../auth/session.ts'

const minuteMs = 60_000
/** A timer cannot wait for longer than 24 days, and a clock that was set is noticed within the hour. */
const mostMs = 3_600_000

/**
 * Do not disturb: a setting of the account, on all devices. What the browser keeps of it counts until
 * the server tells more, so that nothing is shown as a page begins.
 */
export const useDnd = defineStore('dnd', () => {
  const session = useSession()
  const key = (): string => `parley.dnd.${session.me?.id ?? 0}`
  const read = (): number => Number(localStorage.getItem(key()) ?? 0)
  /** Until when, in milliseconds since 1970; 0 for never. */
  const until = ref(0)
  const now = ref(0)
  /** Undefined before it was asked for. */
  const schedule = shallowRef<DndSchedule | null>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    until.value = read()
    now.value = Date.now()
    clearTimeout(timer)
    const ms = until.value - now.value
    if (ms > 0) timer = setTimeout(look, Math.min(ms, mostMs))
  }
  function show({ dnd, dnd_until, dnd_schedule }: MyPresence): void {
    schedule.value = dnd_schedule
    if (!dnd) localStorage.removeItem(key())
    else localStorage.setItem(key(), String(dnd_until === null ? Infinity : Date.parse(dnd_until)))
    look()
  }
  addEventListener('storage', look)
  session.onSignOut(() => {
    removeEventListener('storage', look)
    clearTimeout(timer)
    localStorage.removeItem(key())
  })
  look()

  return {
    schedule,
    /** Undefined while one may be disturbed; Infinity where it has no end. */
    until: computed(() => (until.value > now.value ? until.value : undefined)),
    active: (): boolean => read() > Date.now(),
    /** Throws where the server was not told; then nothing has changed. */
    async set(end: number): Promise<void> {
      const dnd_minutes = Math.max(1, Math.ceil((end - Date.now()) / minuteMs))
      show(await client.setMyPresence({ body: { dnd: true, dnd_minutes } }))
    },
    async end(): Promise<void> {
      show(await client.setMyPresence({ body: { dnd: false } }))
    },
    /** When it begins and ends by itself; null for never. */
    async setSchedule(dnd_schedule: DndSchedule | null): Promise<void> {
      show(await client.setMyPresence({ body: { dnd_schedule } }))
    },
    /** Asks how it is: it was set elsewhere. */
    async ask(): Promise<void> {
      show(await client.getMyPresence())
    },
  }
})
