import { onBeforeUnmount, ref, watch } from 'vue'

/** How long after the last key it is asked, in milliseconds. */
const pauseMs = 250

/** A text that is looked for once somebody stops typing. */
export function useSearch(look: () => unknown) {
  const text = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, () => {
    clearTimeout(timer)
    timer = setTimeout(look, pauseMs)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  /** As the calls take it: of at most 64 characters, or none. */
  const query = (): { query?: string } => {
    const wanted = text.value.trim().slice(0, 64)
    return wanted === '' ? {} : { query: wanted }
  }
  return { text, query }
}
