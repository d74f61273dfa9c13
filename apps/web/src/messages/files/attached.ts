import type { File } from '@parley/contract'

/** A file that is to go with a message; its id is 0 until the server has it. */
export interface Attached extends File {
  /** By which this browser knows it. */
  readonly key: string
}
