import type { Instance } from '@parley/contract'
import { client } from '../../app/client.ts'

export type Limits = Pick<Instance['limits'], 'file_size' | 'message_files'>

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

/** What the server takes; undefined before it has said so. */
export function limitsNow(): Limits | undefined {
  return known
}
