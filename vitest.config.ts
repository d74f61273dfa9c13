import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const tests = globSync('**/*.test.ts', { cwd: import.meta.dirname, exclude: ['**/node_modules'] })

/** Changes what all files of a process have in common, or measures how much the process takes. */
const touchesProcess =
  /\bvi\.|\bprocess\.(?:cpuUsage|memoryUsage|chdir|umask|on|once)\(|\bprocess\.env\[[^\]]+\] =|\/(?:memory|judge)\.ts'/

const alone = tests.filter((file) =>
  touchesProcess.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
)

/** Long for their size, by which files are ordered that were never run here: none of them may begin last. */
const long =
  /\/(?:graphs|rotation|parallel|far-database|too-fast|restart|keys\/schedule|embedded\/origin|operation\/bugs)\.test\.ts$/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of the sequencer, which leaves them as they are
    const sorted = await super.sort(files)
    const rank = ({ project, moduleId }: TestSpecification): number =>
      project.config.isolate ? 0 : long.test(moduleId) ? 1 : 2
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    // One PostgreSQL with the migrated template database for all files.
    globalSetup: ['packages/core/src/testing/global-setup.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Files share no data. Half of their time they wait, for a bell, a beat or a process that starts: on two
    // cores four have room.
    pool: 'forks',
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // The programs that tests start begin with what others of them compiled.
    env: { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.compile-cache` },
    // Real processes on a busy machine: a test that hangs is still noticed.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that fails once in a while is broken: never run it again until it passes.
    retry: 0,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // To load the servers takes a second: one process does so once for one file after the other.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', ...alone],
          isolate: false,
        },
      },
    ],
  },
})
