/** Lints the migrations: see .squawk.toml. */
import { spawnSync } from 'node:child_process'
import { migrationFiles, root } from '../files.ts'

const files = migrationFiles()
// Given no file, squawk waits for one on stdin.
if (files.length > 0) {
  const { status } = spawnSync('squawk', files, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  process.exitCode = status ?? 1
}
