/** How often the state is written to the disk at the most, in milliseconds. */
const everyMs = 5_000

/** Saves some time after a change, or at once. */
export function createSaving(save: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const now = (): void => {
    stop()
    save()
  }
  return { soon: () => void (timer ??= setTimeout(now, everyMs)), now, stop }
}
