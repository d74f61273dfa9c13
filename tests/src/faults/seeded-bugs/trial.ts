import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Copy } from './copy.ts'

/** How a fault run in a copy ended. */
export interface Verdict {
  /** Checks that found something. */
  red: string[]
  /** Every run of it passed: nothing was found, and enough had happened. */
  passed: boolean
  seconds: number
  /** All that it said. */
  output: string
}

/** Longer than any run here needs, in milliseconds: as long as the smoke profile may take. */
const longestMs = 240_000

/** Runs the faults in the copy. Whatever it started is gone when this returns. */
export async function tryFaults(
  copy: Copy,
  run: readonly string[],
  signal: AbortSignal,
): Promise<Verdict> {
  const began = performance.now()
  const main = join(copy.folder, 'tests/src/faults/main.ts')
  const child = spawn(process.execPath, [main, ...run], {
    cwd: copy.folder,
    env: { ...process.env, TMPDIR: copy.temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, with the servers in it; the database ends by itself when we are gone.
    detached: true,
  })
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  const timer = setTimeout(kill, longestMs)
  signal.addEventListener('abort', kill)
  try {
    const [out, err] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    const red = [...out.matchAll(/^FAILED: (.+)$/gm)].flatMap(([, ids = '']) => ids.split(', '))
    const seconds = (performance.now() - began) / 1000
    return { red: [...new Set(red)], passed: child.exitCode === 0, seconds, output: out + err }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}
