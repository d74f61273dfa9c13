import type { History } from '../history/entry.ts'
import { lost } from './c01-lost.ts'
import { phantom } from './c02-phantom.ts'
import { duplicate } from './c03-duplicate.ts'
import { holes } from './c04-holes.ts'
import { realTime } from './c05-real-time.ts'
import { session } from './c06-session.ts'
import { undelivered } from './c07-undelivered.ts'
import { silentGap } from './c08-silent-gap.ts'
import { leak } from './c09-leak.ts'
import { corrupt } from './c10-corrupt.ts'
import { revoked } from './c11-revoked.ts'
import { resourcesBounded } from './c12-resources.ts'
import { recovery } from './c13-recovery.ts'
import { convergence } from './c14-convergence.ts'
import { errors } from './c15-errors.ts'
import { stuck } from './c16-stuck.ts'
import { late } from './c17-late.ts'
import { crowd } from './c18-crowd.ts'
import { counters, evidenceOf } from './counters.ts'
import { figures } from './figures.ts'
import { type Check, runCheck } from './findings.ts'
import { indexHistory } from './history-index.ts'
import type { Report } from './report.ts'

/** Every check there is. */
export const checks: readonly Check[] = [
  lost,
  phantom,
  duplicate,
  holes,
  realTime,
  session,
  undelivered,
  silentGap,
  leak,
  corrupt,
  revoked,
  resourcesBounded,
  recovery,
  convergence,
  errors,
  stuck,
  late,
  crowd,
]

/**
 * Judges a run by its history alone. Pure; throws only where the history itself is not well formed,
 * such as an answer without its call.
 */
export function check(history: History): Report {
  const index = indexHistory(history)
  return {
    plan: history.plan,
    checks: checks.map((one) => runCheck(one, index)),
    figures: figures(index),
    counters: counters(index),
    evidence: evidenceOf(index),
  }
}
