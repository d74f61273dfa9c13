import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter'

/** The last line, to count by. */
export default class Summary implements Reporter {
  #tests: TestCase[] = []

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests()
  }

  onEnd({ status }: FullResult): void {
    const count = (outcome: string) =>
      this.#tests.filter((test) => test.outcome() === outcome).length
    const failed = count('unexpected') + count('flaky')
    const broken = status !== 'passed' && failed === 0 ? 1 : failed
    process.stdout.write(`${count('expected')} passed, ${broken} failed\n`)
  }
}
