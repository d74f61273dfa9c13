import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import type { ServerProcess } from '../../cluster/server.ts'

export const MiB = 1024 * 1024

/** What a server may take: of the collector's heap in all, and of everything beyond what it has now. */
export interface Room {
  heap: number
  more: number
}

/** All memory of its own that it can write to, in bytes: what RLIMIT_DATA is compared with. */
function dataOf(pid: number): number {
  const kilobytes = /^VmData:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} does not say what it takes`)
  return Number(kilobytes) * 1024
}

/**
 * From now on the server may take so many bytes more, of whatever kind: buffers are outside of the
 * heap. Linux; prlimit(1) is part of util-linux.
 */
export function leave({ pid, name }: ServerProcess, bytes: number): void {
  if (pid === undefined) throw new Error(`${name} does not run`)
  const data = dataOf(pid) + bytes
  execFileSync('prlimit', ['--pid', String(pid), `--data=${data}:`])
}

/** How many descriptors it has open. */
export const openOf = ({ pid, name }: ServerProcess): number => {
  if (pid === undefined) throw new Error(`${name} does not run`)
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Starts it anew with little memory. */
export async function confine(server: ServerProcess, { heap, more }: Room): Promise<void> {
  await server.stop()
  await server.start({}, [`--max-old-space-size=${heap / MiB}`, '--max-semi-space-size=4'])
  leave(server, more)
}
