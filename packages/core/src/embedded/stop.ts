import type { ChildProcess } from 'node:child_process'

export type StopMode = 'fast' | 'immediate'

/** How long each step may take, in milliseconds: together less than the 10 s a stop may last. */
const steps = [
  ['SIGINT', 6_000],
  ['SIGQUIT', 2_000],
  ['SIGKILL', 1_000],
] as const

/** Ends the server, more firmly at each step. After SIGQUIT and SIGKILL the log makes good what is missing. */
export function stopper(child: ChildProcess, exited: Promise<void>): (mode?: StopMode) => Promise<void> {
  return async (mode = 'fast') => {
    for (const [signal, patience] of mode === 'fast' ? steps : steps.slice(1)) {
      child.kill(signal)
      if (await within(exited, patience)) return
    }
  }
}

function within(done: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms)
    void done.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
