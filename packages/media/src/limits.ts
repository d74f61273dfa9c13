export interface Limits {
  /** How many files at once, each in a process of its own. */
  children: number
  /** Files after which a process makes room for a fresh one. */
  jobsPerChild: number
  /** For one file, in milliseconds. */
  timeMs: number
  /** For a process to be there. */
  startMs: number
  /** After which a process with nothing to do ends. */
  idleMs: number
  /** What a process may take in all, itself (60 MB) included. */
  memoryBytes: number
  /** Width times height of a picture, known before it is decoded. */
  pixels: number
}

const mebibyte = 2 ** 20

export const standard: Limits = {
  children: 1,
  jobsPerChild: 100,
  timeMs: 5_000,
  startMs: 10_000,
  idleMs: 60_000,
  memoryBytes: 256 * mebibyte,
  pixels: 40_000_000,
}
