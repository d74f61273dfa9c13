import { ParleyError } from '@parley/sdk'
import { useDialogs } from '../../app/dialogs.ts'

/**
 * Does what needs a session that was confirmed lately; where it was not, the person proves who they are
 * first. Undefined where they would rather not.
 */
export async function withProof<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ParleyError && error.code === 'confirmation_required')) throw error
    const proved = await new Promise<boolean>((decide) =>
      useDialogs().show('confirmIdentity', { decide }),
    )
    return proved ? work() : undefined
  }
}
