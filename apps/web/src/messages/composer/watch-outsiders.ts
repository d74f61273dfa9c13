import { onBeforeUnmount, shallowRef, watch } from 'vue'
import { useLive } from '../../live/live.ts'
import type { Named } from './match.ts'
import { outsidersOf } from './outsiders.ts'

/** So long after the last key it is looked at, in milliseconds. */
const restMs = 300

/** Those whom the text mentions in vain. */
export function useOutsiders(chatId: number, text: () => string) {
  const live = useLive()
  const outsiders = shallowRef<readonly Named[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    const chat = live.chat(chatId)
    const looked = text()
    const found = chat ? await outsidersOf(chat, looked).catch(() => []) : []
    if (looked === text()) outsiders.value = found
  }
  watch(
    text,
    (now) => {
      clearTimeout(timer)
      if (now.includes('@')) timer = setTimeout(() => void look(), restMs)
      else outsiders.value = []
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))
  return outsiders
}
