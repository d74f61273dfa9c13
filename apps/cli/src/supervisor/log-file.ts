import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const mostBytes = 5_000_000

/**
 * Where the output of a part goes. The terminal of a newcomer shows addresses and sentences, not a
 * JSON line for each request; who looks for a cause finds it here. A file that reaches its limit
 * becomes `….1` in place of the one before: the logs of three parts never exceed 30 MB.
 */
export function logFile(path: string, most = mostBytes): (text: string) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let size = sizeOf(path)
  return (text) => {
    try {
      if (size > 0 && size + text.length > most) {
        renameSync(path, `${path}.1`)
        size = 0
      }
      appendFileSync(path, text, { mode: 0o600 })
      size += Buffer.byteLength(text)
    } catch {
      // A full disk must not take the servers down.
    }
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
