import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's folder. */
export const root = join(import.meta.dirname, '..')

/** Files of the working tree that git tracks or would track, by path from the root. */
export function files(...patterns: string[]): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return [...new Set(listed.split('\0'))]
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .toSorted()
}

/** The migrations, in the order they run. */
export const migrationFiles = (): string[] => files('db/migrations/*.sql')
