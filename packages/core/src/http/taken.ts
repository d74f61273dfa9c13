import type { ErrorCode } from '@parley/contract'
import { violated } from '../db/errors.ts'
import { refuse } from './problem.ts'

/** Refuses what breaks a constraint with the code that stands for it; other errors stay what they are. */
export async function unlessTaken<T>(
  work: Promise<T>,
  codes: Readonly<Record<string, ErrorCode>>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = codes[violated(error) ?? '']
    if (code !== undefined) refuse(code)
    throw error
  }
}
