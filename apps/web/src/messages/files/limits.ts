import type { Instance } from '@parley/contract'
import { client } from '../../app/client.ts'

type Limits = Pick<Instance['limits'], 'file_size' | 'message_files'>

let known: Limits | undefined
let asked: Promise<unknown> | undefined

/** Asks the server what it takes; once, if it answers. */
export function askLimits(): Promise<unknown> {
  asked ??= client.getInstance().then(
    ({ limits }) => (known = limits),
    () => (asked = undefined),
  )
  return asked
}

/** So long is waited for it before the server itself is left to refuse, in milliseconds. */
const patienceMs = 1_000

/** What the server takes: at once where it is known, so that nothing that is done next overtakes it. */
export function limitsNow(): Limits | undefined {
  return known
}

/** The same where it is not known yet: without limits, if that takes too long. */
export async function limitsSoon(): Promise<Limits> {
  await Promise.race([askLimits(), new Promise((resolve) => setTimeout(resolve, patienceMs))])
  return known ?? { file_size: Infinity, message_files: 10 }
}
