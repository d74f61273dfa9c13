import type { File } from '@parley/contract'
import type { Half } from './upload.ts'

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

/** How far the upload of one is, beside it: it changes while the bytes do not. */
export interface KeptHalf extends Half {
  readonly key: string
}

/** A file that is to go with a message; its id is 0 until the server has it. */
export interface Attached extends File {
  /** By which this browser knows it. */
  readonly key: string
}
