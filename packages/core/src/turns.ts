/**
 * Lets so many pieces of work run at once. Those who wait take turns, whoever has how much: many
 * requests of one user hold up that user, and everybody else by one piece at most.
 */
export function createTurns(count: number): <T>(who: number, work: () => Promise<T>) => Promise<T> {
  let free = count
  /** What waits, by whom; whose turn is next comes first. */
  const waiting = new Map<number, (() => void)[]>()

  function wait(who: number): Promise<void> {
    return new Promise((resolve) => {
      const queue = waiting.get(who)
      if (queue) queue.push(resolve)
      else waiting.set(who, [resolve])
    })
  }

  function next(): void {
    for (const [who, queue] of waiting) {
      const begin = queue.shift()
      waiting.delete(who)
      if (queue.length > 0) waiting.set(who, queue)
      if (begin) return begin()
    }
    free++
  }

  return async (who, work) => {
    if (free > 0) free--
    else await wait(who)
    try {
      return await work()
    } finally {
      next()
    }
  }
}
