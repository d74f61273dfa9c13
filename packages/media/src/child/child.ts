import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Check } from 'typebox/value'
import { Answer, type Failure } from '../facts.ts'
import type { Limits } from '../limits.ts'
import { fence, watchMemory } from './memory.ts'

export interface Job {
  path: string
  mime: string
  only?: 'square' | undefined
}

/** A process that looks into one file at a time. */
export interface Child {
  pid: number
  /** Where it leaves renditions; gone with it. */
  folder: string
  /** How many files it has had. */
  jobs(): number
  alive(): boolean
  /** Never takes longer than a file may; a process that was over a limit is dead afterwards. */
  run(job: Job): Promise<Answer>
  end(): Promise<void>
}

const program = fileURLToPath(new URL('../work/main.ts', import.meta.url))

/** A process of which only memory was refused ends like this: V8's way, and glib's. */
const outOfMemory = new Set<unknown>(['SIGABRT', 'SIGTRAP'])

/**
 * Starts one: with no environment but its own, an empty folder to work in, and of Node's doings only
 * reading files, writing that folder and sharp itself. Throws where it does not come up.
 */
export async function startChild(limits: Limits): Promise<Child> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'parley-media-')))
  const child = launch(folder, limits)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve(rm(folder, { recursive: true, force: true })))
    child.once('error', () => resolve(rm(folder, { recursive: true, force: true })))
  })
  const end = async () => {
    child.kill('SIGKILL')
    await gone
  }
  const { pid } = child
  if (pid === undefined || !(await ready(child, limits.startMs))) {
    await end()
    throw new Error('The process for pictures did not start.')
  }
  await fence(pid, limits)
  let jobs = 0
  return {
    pid,
    folder,
    jobs: () => jobs,
    alive: () => child.exitCode === null && child.signalCode === null && child.connected,
    run(job) {
      jobs++
      return run(child, pid, job, limits)
    },
    end,
  }
}

function launch(folder: string, limits: Limits): ChildProcess {
  const rights = ['--permission', '--allow-addons', '--allow-fs-read=*']
  return spawn(
    process.execPath,
    [
      ...rights,
      `--allow-fs-write=${folder}`,
      '--max-old-space-size=64',
      '--v8-pool-size=1',
      program,
      String(limits.pixels),
    ],
    {
      cwd: folder,
      // One thread and one heap of malloc's: with more, freed memory stays where it is.
      env: { UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '1', ...windows() },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  )
}

/** Windows finds its own libraries by this. */
const windows = (): Record<string, string> =>
  process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }

async function ready(child: ChildProcess, startMs: number): Promise<boolean> {
  const late = AbortSignal.timeout(startMs)
  const died = new AbortController()
  child.once('exit', () => died.abort())
  child.once('error', () => died.abort())
  try {
    await once(child, 'message', { signal: AbortSignal.any([late, died.signal]) })
    return true
  } catch {
    return false
  }
}

function run(child: ChildProcess, pid: number, job: Job, limits: Limits): Promise<Answer> {
  return new Promise((resolve) => {
    let why: Failure | undefined
    const kill = (reason: Failure) => {
      why ??= reason
      child.kill('SIGKILL')
    }
    const timer = setTimeout(kill, limits.timeMs, 'timed_out')
    const unwatch = watchMemory(pid, limits.memoryBytes, () => kill('too_large'))
    const settle = (answer: Answer) => {
      clearTimeout(timer)
      unwatch()
      child.off('message', onMessage).off('exit', onExit)
      resolve(answer)
    }
    const onMessage = (message: unknown) => {
      if (Check(Answer, message)) settle(message)
      else kill('broken')
    }
    const onExit = (_code: number | null, signal: NodeJS.Signals | null) =>
      settle({ failure: why ?? (outOfMemory.has(signal) ? 'too_large' : 'broken') })
    child.on('message', onMessage).on('exit', onExit)
    child.send(job, (error) => {
      if (error) kill('broken')
    })
  })
}
