import { type ChildProcess, spawn } from 'node:child_process'
import type { Account } from './account.ts'

export interface Guard {
  dismiss: () => void
}

const script = 'read -r line; [ "$line" = done ] || kill -INT "$1"'

/**
 * A shell that waits on a pipe from this process. When we die without a word (kill -9, out of
 * memory) the pipe closes and it asks the database to shut down, so none stays behind.
 */
export function guard(postmaster: number, account: Account | undefined): Guard {
  if (process.platform === 'win32') return { dismiss: () => undefined }
  const shell: ChildProcess = spawn('/bin/sh', ['-c', script, 'parley-guard', String(postmaster)], {
    ...account,
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without a shell (distroless images) the next start ends what was left behind.
  shell.on('error', () => undefined)
  shell.stdin?.on('error', () => undefined)
  shell.unref()
  return { dismiss: () => void shell.stdin?.end('done\n') }
}
