import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runningDatabase } from '@parley/core/embedded/running'
import { endWithUs } from '@parley/core/testing/end-with-us'
import { freePort } from '@parley/core/testing/free-port'
import { until } from '@parley/core/testing/until'

const program = fileURLToPath(new URL('../../../apps/cli/bin/parley.js', import.meta.url))

/** What runs under `parley start`, by a part of its command line. */
export const parts = {
  'chat-server': 'chat-server/src/main.ts',
  'notify-server': 'notify-server/src/main.ts',
  PostgreSQL: 'bin/postgres -D',
} as const

/** `npm start` as a person runs it, with its own ports and data folder. */
export interface RunningParley {
  url: string
  eventsUrl: string
  dataDir: string
  output(): string
  databaseUrl(): string
  /** The process of a part; undefined while it is down. */
  pid(part: keyof typeof parts): number | undefined
  /** All processes, the first one too. */
  pids(): number[]
  ready(): Promise<boolean>
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>
}

export async function startParley(env: Record<string, string> = {}): Promise<RunningParley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-start-'))
  const chat = Number(env['PARLEY_CHAT_PORT'] ?? (await freePort()))
  const notify = await freePort()
  const child = spawn(process.execPath, [program, 'start'], {
    env: {
      ...process.env,
      PARLEY_DATA_DIR: dataDir,
      PARLEY_CHAT_PORT: String(chat),
      PARLEY_NOTIFY_PORT: String(notify),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const dismiss = endWithUs(child.pid ?? 0, dataDir)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const url = `http://127.0.0.1:${chat}`
  const ready = async () =>
    (await Promise.all([url, `http://127.0.0.1:${notify}`].map(isReady))).every(Boolean)
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(output)
      return ready()
    },
    { timeoutMs: 60_000, what: 'parley start' },
  )
  return {
    url,
    eventsUrl: `http://127.0.0.1:${notify}/events`,
    dataDir,
    output: () => output,
    databaseUrl: () => runningDatabase(dataDir, 'superuser') ?? '',
    pid: (part) => descendants(child.pid ?? 0).find(({ line }) => line.includes(parts[part]))?.pid,
    pids: () => [child.pid ?? 0, ...descendants(child.pid ?? 0).map(({ pid }) => pid)],
    ready,
    async stop() {
      const code = await end(child)
      dismiss()
      await rm(dataDir, { recursive: true, force: true })
      return code
    },
  }
}

const isReady = async (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return child.exitCode
}

/** Linux tells of each process its parent and its command line. */
function descendants(root: number): { pid: number; line: string }[] {
  const all = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return [{ pid: Number(name), parent, line }]
    } catch {
      return []
    }
  })
  const below = (parent: number): typeof all =>
    all.flatMap((one) => (one.parent === parent ? [one, ...below(one.pid)] : []))
  return below(root)
}
