import type { Readable } from 'node:stream'
import { errorCode } from '../start-error.ts'

export interface Stored {
  /** Bytes. */
  size: number
  sha256: Buffer
}

/** First and last byte, counted from 0. */
export interface ByteRange {
  start: number
  end: number
}

export interface Entry {
  key: string
  /** Bytes. */
  size: number
  /** When it was written, in milliseconds since 1970. */
  writtenAt: number
}

/**
 * Where the bytes of files are. A key is a UUID, or a UUID, a dot and the name of a rendition; it is
 * never made of anything that a client said.
 */
export interface Storage {
  /**
   * Stores all that comes under a new key: whole and safe from a crash once it resolves, else not at
   * all. Throws `StorageFull`, `StorageUnavailable`, and whatever the source throws.
   */
  put(key: string, source: AsyncIterable<Uint8Array>): Promise<Stored>
  /** The bytes, or a part of them; undefined where there are none. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>
  /** Where the bytes lie on this machine, if that is where they lie. */
  pathOf?(key: string): string
  /** Removes what a key has, if it has anything. */
  remove(key: string): Promise<void>
  /** All there is, in no order, with what is known without reading any bytes. */
  list(): AsyncIterable<Entry>
  /** Removes what writes left behind that ended more than so many milliseconds ago. */
  tidy(olderThanMs: number): Promise<void>
}

/** There is no room for what was to be stored; nothing of it was kept. */
export class StorageFull extends Error {}

/** The storage is away, or refuses for a reason that a client cannot change; nothing was kept. */
export class StorageUnavailable extends Error {
  /** What the store calls its reason, or the system's code; empty where there is none. */
  readonly code: string

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An error of the file system, as `StorageFull` where that is what it says. */
export const fullOr = (error: unknown): unknown =>
  /^(?:ENOSPC|EDQUOT)$/.test(errorCode(error))
    ? new StorageFull('the disk is full', { cause: error })
    : error

const key = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z0-9_]{1,32})?$/

export const isKey = (text: string): boolean => key.test(text)
