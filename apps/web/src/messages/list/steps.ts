import { nextTick, shallowRef, watch } from 'vue'
import { type Row, growth } from '../rows.ts'

/**
 * The rows as the virtual list gets them: it can grow or shrink at its start, or else at its end, but
 * not at both at once. `before` is called while the page is as it was, `settled` when it shows the change, unpainted.
 */
export function useSteps(rows: () => Row[], before: () => void, settled: () => void) {
  const shown = shallowRef(rows())
  const shift = shallowRef(false)
  /** Another list altogether, of which nothing is measured yet. */
  const epoch = shallowRef(0)
  let stepping = false

  async function step(): Promise<void> {
    before()
    const next = rows()
    const grew = growth(shown.value, next)
    if (!grew) epoch.value++
    shift.value = grew !== undefined && grew.start !== 0
    const both = grew !== undefined && grew.start !== 0 && grew.end !== 0
    if (!both) shown.value = next
    else if (grew.end > 0) shown.value = next.slice(0, next.length - grew.end)
    else shown.value = [...next, ...shown.value.slice(grew.end)]
    await nextTick()
    settled()
  }

  async function follow(): Promise<void> {
    if (stepping) return
    stepping = true
    while (shown.value !== rows()) await step()
    stepping = false
    shift.value = false
  }
  watch(rows, follow)
  return { shown, shift, epoch }
}
