/** Older events are of the past, in milliseconds. */
const recentMs = 5_000
/** Of so many events it is remembered how late they came. */
const remembered = 20

/**
 * Tells what happened just now from what waited somewhere, as while the machine slept. The server's
 * clock is not this one's: what came the fastest lately counts as new.
 */
export function createRecency() {
  const delays: number[] = []
  return (at: string, now: number): boolean => {
    const delay = now - Date.parse(at)
    delays.push(delay)
    if (delays.length > remembered) delays.shift()
    return delay - Math.min(...delays) <= recentMs
  }
}
