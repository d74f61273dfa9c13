import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { type Identity, identify, lives } from './identity.ts'
import { readPidFile } from './pid-file.ts'
import { recorded } from './running.ts'

/**
 * Deals with a postmaster.pid that was left in the cluster. We hold the folder's lock, so a server
 * that one of our starts left behind has lost its master: it is stopped, its work is kept. A server
 * that somebody else runs here is left alone and we give up.
 */
export async function endOrphan(cluster: string, runningFile: string): Promise<void> {
  const pid = readPidFile(cluster)?.pid
  if (pid === undefined) return
  const ours = recorded(runningFile)?.postmaster
  if (ours?.pid === pid && lives(ours)) return stop(ours, cluster)
  const found = identify(pid)
  if (!lives(found)) return
  if (worksIn(pid, cluster) !== false)
    throw new StartError(
      `Another PostgreSQL (process ${pid}) already uses the database in ${cluster}; stop it first.`,
    )
  forgetPid(cluster, pid)
}

/** SIGINT lets it write everything down; SIGQUIT is for one that does not come to an end. */
async function stop(postmaster: Identity, cluster: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(postmaster.pid, signal)
    const until = performance.now() + 10_000
    while (performance.now() < until) {
      if (!lives(postmaster)) return
      await delay(20)
    }
  }
  throw new StartError(
    `The PostgreSQL that an earlier start left behind (process ${postmaster.pid}, ${cluster}) does not end.`,
  )
}

/** A postmaster works inside its cluster. Undefined where the system does not tell. */
function worksIn(pid: number, cluster: string): boolean | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    // Somebody else's process. A postmaster of this cluster would run as the account we control.
    return false
  }
}

/**
 * The number belongs to a new process now, and PostgreSQL would take that for a live server. It
 * ignores its parent's number, ours; the rest of the file stays, so it still checks that no process
 * of the old server holds the shared memory.
 */
function forgetPid(cluster: string, pid: number): void {
  const file = join(cluster, 'postmaster.pid')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(String(pid), String(process.pid)))
}
