import { computed, ref } from 'vue'
import { useSession } from '../auth/session.ts'

/** When the next day begins for the person, in milliseconds since 1970. */
export function tomorrow(now: Date): number {
  const next = new Date(now)
  next.setDate(next.getDate() + 1)
  // Not at midnight: who asks for quiet wants to sleep.
  next.setHours(8, 0, 0, 0)
  return next.getTime()
}

const key = (): string => `parley.dnd.${useSession().me?.id ?? 0}`
const read = (): number => Number(localStorage.getItem(key()) ?? 0)

/** Until when not to disturb, in milliseconds since 1970; 0 for never. */
const until = ref(0)
const now = ref(Date.now())
let timer: ReturnType<typeof setTimeout> | undefined

function look(): void {
  until.value = read()
  now.value = Date.now()
  clearTimeout(timer)
  const ms = until.value - now.value
  if (ms > 0) timer = setTimeout(look, Math.min(ms, 3_600_000))
}
addEventListener('storage', look)

/** Do not disturb, which all tabs of the browser share. */
export function useDnd() {
  look()
  return {
    /** Undefined while one may be disturbed. */
    until: computed(() => (until.value > now.value ? until.value : undefined)),
    active: (): boolean => read() > Date.now(),
    set(end: number): void {
      localStorage.setItem(key(), String(end))
      look()
    },
    end(): void {
      localStorage.removeItem(key())
      look()
    },
  }
}
