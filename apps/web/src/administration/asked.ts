import { onMounted, reactive, shallowRef } from 'vue'

/** What a page asks for as it opens, or why it does not have it. */
export function useAsked<Found>(ask: () => Promise<Found>) {
  const found = shallowRef<Found>()
  const error = shallowRef<unknown>()

  async function load(): Promise<void> {
    error.value = undefined
    try {
      found.value = await ask()
    } catch (problem) {
      error.value = problem
    }
  }
  onMounted(load)
  return reactive({ found, error, load })
}
