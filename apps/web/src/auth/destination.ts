import { lastPlace } from '../app/last-place.ts'

/** Where to go after signing in: a path of ours that was asked for, or the last place, or the start. */
export function destination(asked: unknown): string {
  const ours = typeof asked === 'string' && /^\/(?![/\\])/.test(asked)
  return ours ? asked : (lastPlace() ?? '/')
}
