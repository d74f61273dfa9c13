import { spawn } from 'node:child_process'

/**
 * $1 is the process, $2 its folder. It gets as long as it takes to end by itself, and some more; what of its
 * own is still at work may write into the folder while that goes.
 */
const script = `
read -r line
[ "$line" = done ] && exit
kill -TERM "$1"
n=0
while kill -0 "$1" && [ $n -lt 120 ]; do sleep 0.1; n=$((n + 1)); done
kill -KILL "$1"
n=0
while [ -e "$2" ] && [ $n -lt 100 ]; do rm -rf "$2"; sleep 0.1; n=$((n + 1)); done
`

/**
 * A shell that waits on a pipe from this process. When a run of tests is broken off, also by SIGKILL, the pipe
 * closes: the shell ends the program that the test started, and removes its folder. Returns what dismisses it.
 */
export function endWithUs(pid: number, folder: string): () => void {
  const shell = spawn('/bin/sh', ['-c', script, 'parley-test-guard', String(pid), folder], {
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    // Whoever kills all of the run's process group does not find it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.on('error', () => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return () => void shell.stdin.end('done\n')
}
