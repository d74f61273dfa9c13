import type { Config } from '@parley/core/config/load'
import { refuseField } from '@parley/core/http/problem'

/** Refuses a text with more characters than this instance allows: code points, not bytes or halves of pairs. */
export function checkLength({ messageMaxLength: most }: Config, content: string): void {
  if (content.length > most && Array.from(content).length > most) {
    refuseField('/body/content', 'maxLength', `must not have more than ${most} characters`)
  }
}

/** Refuses a message that would have nothing in it. */
export function checkSomething(content: string, files: readonly unknown[]): void {
  if (content === '' && files.length === 0) {
    refuseField('/body/content', 'minLength', 'must have a character where there is no file')
  }
}
