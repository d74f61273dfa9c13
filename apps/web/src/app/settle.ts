import { watch } from 'vue'

/**
 * Waits until what was just made has come by the events too: at once in most cases. Goes on after
 * a while even if it has not.
 */
export function settled(isThere: () => boolean, limitMs = 5_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, limitMs)
    const stop = watch(isThere, (there) => there && done())
    function done(): void {
      clearTimeout(timer)
      stop()
      resolve()
    }
    if (isThere()) done()
  })
}
