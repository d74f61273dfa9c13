import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from '@parley/core/testing/until'

const programs = {
  chat: fileURLToPath(new URL('../../../../apps/chat-server/src/main.ts', import.meta.url)),
  notify: fileURLToPath(new URL('../../../../apps/notify-server/src/main.ts', import.meta.url)),
}

/** Longest wait for an answer of the process, in milliseconds. */
const answerMs = 5000

const preload = new URL('preload.ts', import.meta.url).href

export interface ServerOptions {
  name: string
  kind: keyof typeof programs
  /** Its own port, behind the links. */
  port: number
  env: Record<string, string>
  logFile: string
  nodeOptions: readonly string[]
}

/** A server in a process of its own, which may be killed, frozen and started again on the same port. */
export interface ServerProcess {
  readonly name: string
  readonly port: number
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** For how long it has served since its last start, in milliseconds; 0 while it is down. */
  readonly age: number
  /** Returns when it is ready to serve. Changes to the environment last to the next start. */
  start(env?: Record<string, string>, nodeOptions?: readonly string[]): Promise<void>
  ready(): Promise<boolean>
  signal(signal: NodeJS.Signals): void
  /** From now on, and until its end, its machine's clock is wrong by so many milliseconds. */
  setClock(skewMs: number): void
  /** Bytes that it has in use after the collector's work; undefined where it does not answer. */
  held(): Promise<number | undefined>
  /** SIGKILL; returns when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; returns its exit code. */
  stop(): Promise<number | null>
  /**
   * Its next end is wanted, and no crash. Resolves with the signal or the code of it; at once where
   * it is down already.
   */
  dies(): Promise<NodeJS.Signals | number | null>
  /** How often it ended without having been told to. */
  readonly crashes: number
}

const heldIn = (message: unknown): number | undefined =>
  typeof message === 'object' && message !== null && 'held' in message
    ? Number(message.held)
    : undefined

export function serverProcess(options: ServerOptions): ServerProcess {
  const program = programs[options.kind]
  const log = createWriteStream(options.logFile, { flags: 'a' })
  let child: ChildProcess | undefined
  let wanted: ChildProcess | undefined
  let crashes = 0
  let readySince = Infinity

  const ready = () =>
    fetch(`http://127.0.0.1:${options.port}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
      ({ ok }) => ok,
      () => false,
    )
  const running = (one: ChildProcess | undefined): one is ChildProcess =>
    one !== undefined && one.exitCode === null && one.signalCode === null
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const one = child
    wanted = undefined
    if (!running(one)) return null
    const closed = once(one, 'close')
    one.kill(signal)
    await closed
    return one.exitCode
  }

  return {
    name: options.name,
    port: options.port,
    get pid() {
      return running(child) ? child.pid : undefined
    },
    get age() {
      return running(child) ? Math.max(0, performance.now() - readySince) : 0
    },
    get crashes() {
      return crashes
    },
    async start(env = {}, nodeOptions = options.nodeOptions) {
      const started = spawn(process.execPath, ['--import', preload, ...nodeOptions, program], {
        env: { PATH: process.env['PATH'], ...options.env, ...env },
        // The channel closes when we die, and the server with it.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      started.stdout?.pipe(log, { end: false })
      started.stderr?.pipe(log, { end: false })
      started.once('close', () => {
        if (wanted === started) crashes++
      })
      child = started
      readySince = Infinity
      wanted = started
      await until(async () => !running(started) || (await ready()), {
        timeoutMs: 30_000,
        what: `${options.name} to be ready`,
      })
      if (!running(started)) throw new Error(`${options.name} ended, see ${options.logFile}`)
      readySince = performance.now()
    },
    ready,
    signal: (signal) => void child?.kill(signal),
    setClock: (skewMs) => void child?.send({ skewMs }),
    async held() {
      if (!running(child)) return undefined
      const answered = once(child, 'message', { signal: AbortSignal.timeout(answerMs) })
      child.send({ collect: true })
      return answered.then(
        ([message]) => heldIn(message),
        () => undefined,
      )
    },
    async dies() {
      const one = child
      wanted = undefined
      if (!running(one)) return null
      await once(one, 'close')
      return one.signalCode ?? one.exitCode
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}
