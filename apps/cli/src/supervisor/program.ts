import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { StartError } from '@parley/core/start-error'
import type { Part, RunningPart } from './part.ts'
import { answersReady } from './ready.ts'

export interface ProgramPart {
  name: string
  /** TypeScript file that Node runs. */
  file: string
  env: NodeJS.ProcessEnv
  /** For Node itself. */
  nodeOptions?: readonly string[]
  /** Answers 200 when the program is ready to work. */
  readyUrl: string
  /** Receives all that the program writes. */
  log: (text: string) => void
}

/** How long a program may take to become ready, and to stop after SIGTERM, in milliseconds. */
const startMs = 60_000
const stopMs = 4_000

/** A server in a process of its own. Its IPC channel says nothing: it closes when we die. */
export function programPart({
  name,
  file,
  env,
  nodeOptions = [],
  readyUrl,
  log,
}: ProgramPart): Part {
  return {
    name,
    async start(abort) {
      const child = spawn(process.execPath, [...nodeOptions, file], {
        env,
        // Its own process group: Ctrl-C reaches it through us, once.
        detached: process.platform !== 'win32',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      let complaint = ''
      child.stdout?.setEncoding('utf8').on('data', log)
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-2_000)
        log(text)
      })
      const running = supervise(child)
      const dead = new AbortController()
      const ended = running.ended.then((how) => {
        dead.abort()
        return how
      })
      const timeout = AbortSignal.timeout(startMs)
      if (await answersReady(readyUrl, AbortSignal.any([abort, timeout, dead.signal])))
        return running
      await running.stop()
      const how = timeout.aborted ? 'it was not ready after 60 s' : await ended
      throw new StartError(lastLine(complaint) ?? `${name} could not start: ${how}.`)
    },
  }
}

function supervise(child: ChildProcess): RunningPart {
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) =>
      resolve(signal ? `signal ${signal}` : `exit code ${code}`),
    )
  })
  return {
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await once(child, 'close')
      clearTimeout(timer)
    },
  }
}

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1) || undefined
