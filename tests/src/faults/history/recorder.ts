import { createHash } from 'node:crypto'
import type { Entry } from './entry.ts'

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** Writes the history. Its clock is the only one that counts. */
export interface Recorder {
  readonly entries: readonly Entry[]
  /** Milliseconds since the run began, never going back. */
  now(): number
  /** Stamps an entry with the time and keeps it. */
  record(entry: Without<Entry, 'at'>): void
  /** A number that nobody else has: for operations, and for streams. */
  number(): number
}

export function createRecorder(): Recorder {
  const entries: Entry[] = []
  const start = performance.now()
  let numbers = 0
  const now = () => performance.now() - start
  return {
    entries,
    now,
    record: (entry) => void entries.push({ at: now(), ...entry }),
    number: () => ++numbers,
  }
}

/** Enough of a text's hash to tell it from every other text of a run. */
export const digest = (text: string): string =>
  text === '' ? '-' : createHash('sha1').update(text).digest('base64url').slice(0, 12)
