/** Why Parley cannot start: one plain sentence for the person at the terminal. */
export class StartError extends Error {
  override name = 'StartError'
}

/** The system's error code (`ENOSPC`, `EACCES` …) of anything caught, or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
