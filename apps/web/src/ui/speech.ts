import { onScopeDispose, shallowRef } from 'vue'

/** What is heard comes no faster than this, in milliseconds. */
const leastMs = 1_000
const kept = 10

/** Sentences for who hears the page: one by one, or all as one, by `together`, where they come fast. */
export function useSpeech(together: (count: number) => string) {
  const said = shallowRef<readonly { id: number; text: string }[]>([])
  let waiting: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let count = 0

  function say(): void {
    timer = undefined
    const [first] = waiting
    if (first === undefined) return
    const text = waiting.length === 1 ? first : together(waiting.length)
    waiting = []
    said.value = [...said.value.slice(1 - kept), { id: ++count, text }]
    timer = setTimeout(say, leastMs)
  }
  onScopeDispose(() => clearTimeout(timer))
  return {
    said,
    add(texts: readonly string[]): void {
      waiting.push(...texts)
      if (timer === undefined) say()
    },
  }
}
