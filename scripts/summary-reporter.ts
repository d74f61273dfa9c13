import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Ends the output with one plain line to count by: `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  #line = '0 passed, 1 failed'

  constructor() {
    // After the other reporters' last words, which come later than the end of the run.
    process.once('exit', () => process.stdout.write(`${this.#line}\n`))
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    // No file was run: none was found, or the global setup failed. Neither is a success.
    if (modules.length === 0) return
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    // A file that does not load, or a hook that throws, has no failed test to show for it.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const broken = suites.filter((suite) => suite.errors().length > 0).length
    const failed = count('failed') + broken + unhandled.length
    const skipped = count('skipped')
    this.#line = `${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  }
}
