import { StartError } from '../start-error.ts'

const known: [RegExp, (folder: string) => string][] = [
  [
    /No space left on device|Disk quota exceeded/,
    (folder) => `The disk is full: the database in ${folder} has no room.`,
  ],
  [
    /Read-only file system/,
    (folder) => `The database in ${folder} lies on a disk that is read-only.`,
  ],
  [
    /Permission denied/,
    (folder) => `PostgreSQL may not write the database in ${folder}; check who owns it.`,
  ],
]

/** Puts what initdb or postgres wrote before it gave up into one sentence. */
export function explain(output: string, folder: string): StartError {
  for (const [pattern, sentence] of known)
    if (pattern.test(output)) return new StartError(sentence(folder), { cause: output })
  const reason =
    output.match(/(?:FATAL|PANIC|error): +([^ ].*)/)?.[1] ?? output.trim().split('\n').at(-1) ?? ''
  return new StartError(
    `PostgreSQL could not start the database in ${folder}: ${reason || 'it gave no reason'}.`,
    {
      cause: output,
    },
  )
}

export const portTaken = (output: string): boolean =>
  /could not bind|Address already in use/.test(output)

/** Processes of a server that was killed still hold its memory; they end by themselves in a moment. */
export const stillInUse = (output: string): boolean =>
  /pre-existing shared memory block/.test(output)
