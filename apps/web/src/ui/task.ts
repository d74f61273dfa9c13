import { ref, shallowRef } from 'vue'
import { problemText } from '../words/problems.ts'

/** Something that is done once at a time; what went wrong is a sentence. */
export function useTask<A extends unknown[]>(work: (...args: A) => Promise<unknown>) {
  const busy = ref(false)
  const problem = shallowRef<string>()

  async function run(...args: A): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    try {
      await work(...args)
    } catch (error) {
      problem.value = problemText(error)
    } finally {
      busy.value = false
    }
  }
  return { run, busy, problem }
}
