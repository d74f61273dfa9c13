import { ref, shallowRef } from 'vue'
import { later } from '../app/later.ts'
import { t } from '../words/words.ts'

const problems = later(() => import('../words/problems.ts'))
/** Its sentences come later; without them, where they cannot be loaded either. */
async function sentence(error: unknown): Promise<string> {
  try {
    return (await problems()).problemText(error)
  } catch {
    return t('app.unreachable')
  }
}

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
      problem.value = await sentence(error)
    } finally {
      busy.value = false
    }
  }
  return { run, busy, problem }
}
