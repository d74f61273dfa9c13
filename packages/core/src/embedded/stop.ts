import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

export type StopMode = 'fast' | 'immediate'

/** How long each step may take, in milliseconds: together 5 s, because servers take up to 4 s before. */
const steps = [
  ['SIGINT', 3_500],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 500],
] as const

/** Ends the server, more firmly at each step. After SIGQUIT and SIGKILL the log makes good what is missing. */
export function stopper(
  child: ChildProcess,
  exited: Promise<void>,
): (mode?: StopMode) => Promise<void> {
  return async (mode = 'fast') => {
    for (const [signal, patience] of mode === 'fast' ? steps : steps.slice(1)) {
      child.kill(signal)
      if (await within(exited, patience)) return
    }
  }
}

async function within(done: Promise<void>, ms: number): Promise<boolean> {
  const late = new AbortController()
  const timeout = delay(ms, false, { signal: late.signal }).catch(() => false)
  const inTime = await Promise.race([done.then(() => true), timeout])
  late.abort()
  return inTime
}
