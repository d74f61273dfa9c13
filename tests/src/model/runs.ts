import { env } from 'node:process'
import fc from 'fast-check'

/** `PARLEY_MODEL_RUNS`, for those who have the time. */
const factor = Number(env['PARLEY_MODEL_RUNS'] ?? 1)

/** How many sequences to play. */
export const runs = (usual: number): number => Math.ceil(usual * factor)

/** In milliseconds. Shrinking takes longer than passing. */
export const timeout = 300_000 * Math.max(1, factor)

/** What `PARLEY_MODEL_REPLAY` names: the words that a failure ends with. */
export function replayed() {
  const [seed, path, replayPath] = env['PARLEY_MODEL_REPLAY']?.split(' ') ?? []
  return {
    parameters: seed === undefined || path === undefined ? {} : { seed: Number(seed), path },
    commands: replayPath === undefined ? {} : { replayPath },
  }
}

/** Throws what the smallest failing sequence said, and how to play it again. */
export function expectPassed<T>(details: fc.RunDetails<T>): void {
  if (!details.failed) return
  const { errorInstance, seed, counterexamplePath: path, numRuns, numShrinks } = details
  const sequence = fc.stringify(details.counterexample)
  const replayPath = /replayPath="([^"]*)"/.exec(sequence)?.[1] ?? ''
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  throw new Error(
    [
      `Sequence ${numRuns} failed; after ${numShrinks} steps of shrinking it reads:`,
      message,
      `Again: PARLEY_MODEL_REPLAY='${seed} ${path} ${replayPath}'`,
    ].join('\n\n'),
  )
}
