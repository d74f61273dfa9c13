import type { Logger } from '@parley/core/log'

interface Options {
  log: Logger
  /** From the end of one time to the beginning of the next, in milliseconds. */
  everyMs: number
  /** The same where it failed; as after a success unless given. */
  againMs?: number
  /** What the log is told then. */
  failed: string
}

/**
 * Does a work now and again and again, never twice at a time, whatever becomes of it. A long one asks
 * whether it is to stop. Returns what ends it, and waits for what is being done.
 */
export function repeat(
  { log, everyMs, againMs = everyMs, failed }: Options,
  work: (stopped: () => boolean) => Promise<unknown>,
): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const attempt = async (): Promise<number> => {
    try {
      await work(() => stopped)
      return everyMs
    } catch (error) {
      log.warn({ err: error }, failed)
      return againMs
    }
  }
  const run = async (): Promise<void> => {
    const pause = await attempt()
    if (!stopped) timer = setTimeout(() => void (running = run()), pause)
  }
  let running = run()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
