import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a server writes about itself into its cluster; line numbers from PostgreSQL's pidfile.h. */
export interface PidFile {
  pid: number
  ready: boolean
}

export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
    return { pid, ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}
