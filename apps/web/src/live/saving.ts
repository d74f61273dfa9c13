/** How often the state is written to the disk at the most, in milliseconds. */
const everyMs = 5_000
/** The first time it need not wait so long: there is nothing yet to open again with. */
const firstMs = 1_000

/**
 * Saves some time after a change, or at once where somebody leaves before. `save` tells whether it
 * could; what it could not is still to be saved.
 */
export function createSaving(save: () => boolean) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = firstMs
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const soon = (): void => void (timer ??= setTimeout(now, waitMs))
  function now(): void {
    if (timer === undefined) return
    const saved = save()
    stop()
    if (saved) waitMs = everyMs
    else soon()
  }
  return { soon, now, stop }
}
