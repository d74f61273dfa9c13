import type { IncomingMessage } from 'node:http'

/**
 * One request at a time for each upload. A newer one ends the one before: a client that resumes has lost
 * its old connection, often before the server knows.
 */
export function createTakeover() {
  const running = new Map<number, { request: IncomingMessage; ended: Promise<void> }>()

  return async <T>(id: number, request: IncomingMessage, work: () => Promise<T>): Promise<T> => {
    for (let other = running.get(id); other !== undefined; other = running.get(id)) {
      other.request.destroy()
      await other.ended
    }
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    running.set(id, { request, ended })
    try {
      return await work()
    } finally {
      running.delete(id)
      resolve()
    }
  }
}
