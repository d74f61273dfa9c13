import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Limits } from '../limits.ts'

const everyMs = 20
/** More than any rendition takes. */
const largestFile = 64 * 2 ** 20

/** Bytes of a process as Linux counts them; undefined where there is no /proc, or no such process. */
export function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM' | 'VmData'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  } catch {
    return undefined
  }
}

/** Looks at a process's memory until it is told to stop; says so once when there is too much. */
export function watchMemory(pid: number, limit: number, tooMuch: () => void): () => void {
  const timer = setInterval(() => {
    if ((memoryOf(pid, 'VmRSS') ?? 0) <= limit) return
    clearInterval(timer)
    tooMuch()
  }, everyMs)
  return () => clearInterval(timer)
}

/**
 * Has Linux itself refuse what is far over the limits, between two looks too: `ulimit -d`, counted from
 * what the process has now, since Node reserves half a gigabyte that it never touches (and `ulimit -v`
 * would count another half). Its processor time ends a process whose parent died.
 * Does nothing where there is no `prlimit`.
 */
export async function fence(pid: number, limits: Limits): Promise<void> {
  const data = memoryOf(pid, 'VmData')
  if (data === undefined) return
  const seconds = Math.ceil((limits.jobsPerChild * limits.timeMs) / 1000) + 60
  const args = [
    `--data=${data + limits.memoryBytes}`,
    `--cpu=${seconds}`,
    `--fsize=${largestFile}`,
    '--core=0',
  ]
  await new Promise<void>((resolve) => {
    execFile('prlimit', ['--pid', String(pid), ...args], () => resolve())
  })
}
