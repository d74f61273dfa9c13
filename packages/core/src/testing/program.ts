import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface ProgramOptions {
  /** Run as this account; only root can. */
  uid?: number
  env?: NodeJS.ProcessEnv
  /** Text for its standard input; nothing and closed unless given. */
  input?: string
}

export interface Program {
  child: ChildProcess
  /** What it has written so far. */
  stdout(): string
  stderr(): string
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>
}

/** Runs a TypeScript or JavaScript file as a real process, with the Node that runs the tests. */
export function runProgram(
  file: string,
  args: string[] = [],
  options: ProgramOptions = {},
): Program {
  const child = spawn(process.execPath, [file, ...args], {
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const ended = (async () => {
    await once(child, 'close')
    return child.exitCode ?? child.signalCode
  })()
  return { child, stdout: read(child.stdout), stderr: read(child.stderr), ended }
}

function read(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  return () => text
}
