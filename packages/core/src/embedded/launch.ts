import { type ChildProcess, spawn } from 'node:child_process'
import type { Account } from './account.ts'

/** Programs get no more of our environment than they need: it may hold the master key. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  SystemRoot: process.env['SystemRoot'],
  TZ: 'UTC',
})

/**
 * How a program is told where the cluster is. When root has handed it to another account, the
 * folders above may be closed to that account (0700 home), and every path through them fails. But a
 * process may always enter its own working directory, and Linux names that /proc/self/cwd without
 * looking at what lies above. So the cluster stays in the project, whoever owns the home folder.
 */
export const clusterArgument = (cluster: string, account: Account | undefined): string =>
  account ? '/proc/self/cwd' : cluster

/** Starts one of PostgreSQL's programs inside the cluster's folder. */
export function launch(
  path: string,
  args: string[],
  cluster: string,
  account: Account | undefined,
): ChildProcess {
  return spawn(path, args, {
    ...account,
    cwd: cluster,
    env: environment(),
    // Its own process group: Ctrl-C in the terminal is for us, and we stop the database last.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
}

const kept = 8_000

/** Remembers the last of what a program writes, and hands every piece on. */
export function listen(child: ChildProcess, log?: (text: string) => void): () => string {
  let last = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-kept)
      log?.(text)
    })
  return () => last
}

/** Resolves when the program has ended and its output has been read, also when it never began. */
export function ended(child: ChildProcess): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    child.once('close', (code) => resolve({ code }))
  })
}
