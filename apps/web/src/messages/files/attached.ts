import type { File } from '@parley/contract'

/** One as the browser keeps it over a reload. */
export interface KeptFile {
  readonly key: string
  readonly chat_id: number
  readonly file: Attached
  /** Its bytes, until the server has them; not where they are many. */
  readonly blob: Blob | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A file that is to go with a message; its id is 0 until the server has it. */
export interface Attached extends File {
  /** By which this browser knows it. */
  readonly key: string
}
