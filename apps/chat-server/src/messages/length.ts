import type { Config } from '@parley/core/config/load'
import { refuseField } from '@parley/core/http/problem'

/** Refuses a text with more characters than this instance allows: code points, not bytes or halves of pairs. */
export function checkLength({ messageMaxLength: most }: Config, content: string): void {
  if (content.length > most && Array.from(content).length > most) {
    refuseField('/body/content', 'maxLength', `must not have more than ${most} characters`)
  }
}
