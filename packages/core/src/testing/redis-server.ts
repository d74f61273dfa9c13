import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { until } from './until.ts'

const program = process.env['REDIS_SERVER_PATH'] ?? 'redis-server'

/** Whether there is a Redis to test with. One line says so where there is none; CI must have it. */
export function hasRedis(): boolean {
  if (spawnSync(program, ['--version']).status === 0) return true
  const line = `There is no ${program} (REDIS_SERVER_PATH)`
  if (process.env['CI']) throw new Error(`${line}.`)
  process.stdout.write(`${line}: what needs Redis is not tested.\n`)
  return false
}

/** A real Redis in a process and a folder of its own, with nothing in it. */
export async function startRedisServer() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  let child: ChildProcess

  async function start(): Promise<void> {
    let output = ''
    child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(() => output.includes('Ready to accept connections'), { what: 'Redis' })
  }
  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Ends at once, with all that it knew. */
    kill: end,
    /** Stands still and keeps its connections, as a network does that swallows everything. */
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    again: start,
    async stop(): Promise<void> {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
