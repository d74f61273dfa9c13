import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { errorCode } from '../start-error.ts'

/**
 * A process that is told apart from a later one with the same number. Numbers come round quickly in
 * containers, where every start begins again at 1.
 */
export const Identity = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  /** Start time in the kernel's ticks; null where the system does not tell. */
  started: Type.Union([Type.String(), Type.Null()]),
})
export type Identity = Static<typeof Identity>

export const identify = (pid: number): Identity => ({ pid, started: stat(pid)?.started ?? null })

/** Whether this very process still runs. */
export function lives({ pid, started }: Identity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (errorCode(error) !== 'EPERM') return false
  }
  const now = stat(pid)
  if (now === undefined) return process.platform !== 'linux'
  return now.state !== 'Z' && (started === null || started === now.started)
}

/** Fields 3 and 22 of /proc/<pid>/stat (proc_pid_stat(5)); the name before them may hold spaces. */
function stat(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
