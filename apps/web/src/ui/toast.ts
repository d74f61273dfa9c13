import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

export interface ToastAction {
  text: string
  act(): void
}
export interface Toast {
  id: number
  text: string
  action: ToastAction | undefined
}

/** How long one stays, in milliseconds. */
const stayMs = 5_000
const stayWithActionMs = 10_000

/** One short line at a time about what was done; the next one takes its place. */
export const useToast = defineStore('toast', () => {
  const shown = shallowRef<Toast>()
  const held = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let count = 0

  function hide(): void {
    clearTimeout(timer)
    shown.value = undefined
    held.value = false
  }
  function wait(): void {
    clearTimeout(timer)
    if (!shown.value || held.value) return
    timer = setTimeout(hide, shown.value.action ? stayWithActionMs : stayMs)
  }
  function show(text: string, { action }: { action?: ToastAction } = {}): void {
    shown.value = { id: ++count, text, action }
    wait()
  }
  /** While it is pointed at or has the focus, it stays. */
  function hold(on: boolean): void {
    held.value = on
    wait()
  }
  return { shown, show, hide, hold }
})
