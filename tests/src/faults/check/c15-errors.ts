import type { Check } from './findings.ts'
import { isError } from './c13-recovery.ts'

export const errors: Check = {
  id: 'C15',
  name: 'errors',
  property: 'No operation is left without a clear answer, except while a fault can be felt.',
  run({ ops, faults }, { look, violation }) {
    for (const { attempts } of ops.all) {
      for (const { call, returned } of attempts) {
        if (!returned) continue
        look()
        if (!isError(returned) || faults.touched(call.at, returned.at)) continue
        violation(
          `${call.server} left user ${call.user}'s ${call.action.does} with ${returned.code ?? returned.status ?? 'no answer'}, outside of any fault.`,
          () => [call, returned],
          returned.at,
        )
      }
    }
  },
}
