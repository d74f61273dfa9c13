import { type Config, loadConfig } from './config/load.ts'
import { describeError } from './log.ts'
import { StartError, errorCode } from './start-error.ts'

/** A server as a value: tests start as many as they like, main.ts starts one. */
export interface Server {
  start(): Promise<{ url: string }>
  stop(): Promise<void>
}

/** Longest time a stop may take, in milliseconds, before the process ends anyway. */
const patience = 8_000

/**
 * The whole life of a server's process. SIGTERM, SIGINT and the death of the parent (a closed IPC
 * channel) stop it once, and it exits 0; a second signal ends it at once. What stands in the way of
 * a start is one sentence on stderr and exit code 1. A bug that nothing caught ends the process with
 * code 1 too, because what it left behind in memory is unknown; the supervisor starts it afresh.
 */
export async function runServer(create: (config: Config) => Server): Promise<void> {
  process.on('uncaughtException', bug)
  try {
    const server = create(loadConfig(process.env))
    const started = server.start()
    stopOnSignal(async () => {
      // A stop in the middle of a start waits for it, or nothing would close what it opens.
      await started.catch(() => undefined)
      await server.stop()
    })
    await started
  } catch (error) {
    fail(error instanceof StartError ? error.message : (sentence(error) ?? stack(error)))
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  const once = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => fail('Stopping took too long.'), patience).unref()
    void stop().then(
      () => process.exit(0),
      (error: unknown) => fail(stack(error)),
    )
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', once)
  // The supervisor has gone; it will not come back for us.
  const orphaned = (): void => {
    if (!stopping) once()
  }
  if (process.send === undefined) return
  process.on('disconnect', orphaned)
  if (!process.connected) orphaned()
}

function sentence(error: unknown): string | undefined {
  if (errorCode(error) !== 'EADDRINUSE') return undefined
  const port = error instanceof Error && 'port' in error ? String(error.port) : ''
  return `Port ${port} is taken by another program.`
}

/** A line of the log, though whatever wrote that may be what broke: of the error no words (see log.ts). */
function bug(error: unknown): never {
  const { pid } = process
  const time = new Date().toISOString()
  const msg = 'a bug ended the process'
  fail(JSON.stringify({ level: 60, time, pid, err: describeError(error), msg }))
}

/** Never the error's other fields: those of a database error can hold what people wrote. */
const stack = (error: unknown): string => (error instanceof Error && error.stack) || String(error)

function fail(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
