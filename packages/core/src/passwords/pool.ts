import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { normalizePassword } from './hash.ts'
import { busy, createTurns, longestQueue, longestWait } from './turns.ts'

interface Job {
  request: { password: string; hash?: string }
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
  since: number
}

/** Hashes and checks passwords off the main thread, a few at a time. */
export interface PasswordPool {
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /**
   * Runs what ends with a verification when its turn comes: whoever would be told to come back later is
   * told before the database is asked for them.
   */
  admit<T>(work: () => Promise<T>): Promise<T>
  /** How many wait for their turn. */
  waiting(): number
  close(): Promise<void>
}

/**
 * A pool of its own, because argon2 takes 20 to 40 ms of a core: in libuv's four threads a few
 * sign-ins would hold up every file and name look-up. One core is left to the rest of the server.
 */
export function createPasswordPool(size = Math.max(1, availableParallelism() - 1)): PasswordPool {
  const queue: Job[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  let closed = false
  // One more than are hashed, to have the next one at hand.
  const turns = createTurns(size + 1)

  function give(): void {
    while (queue.length > 0 && (idle.length > 0 || all.size < size)) {
      const job = queue.shift()
      if (job === undefined) return
      if (performance.now() - job.since > longestWait) job.reject(busy())
      else work(idle.pop() ?? hire(), job)
    }
  }

  function hire(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    worker.unref()
    all.add(worker)
    worker.once('exit', () => all.delete(worker))
    return worker
  }

  function work(worker: Worker, job: Job): void {
    const done = (settle: () => void) => {
      worker.removeAllListeners('message').removeAllListeners('error')
      settle()
      give()
    }
    worker.once('message', (result: unknown) =>
      done(() => {
        idle.push(worker)
        job.resolve(result)
      }),
    )
    worker.once('error', (error) => done(() => job.reject(error)))
    worker.postMessage(job.request)
  }

  const submit = (request: Job['request']): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed || queue.length >= longestQueue) return reject(busy())
      queue.push({ request, resolve, reject, since: performance.now() })
      give()
    })

  return {
    hash: async (password) => String(await submit({ password: normalizePassword(password) })),
    verify: async (hash, password) =>
      (await submit({ password: normalizePassword(password), hash })) === true,
    admit: turns.take,
    waiting: () => queue.length + turns.waiting(),
    async close() {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
