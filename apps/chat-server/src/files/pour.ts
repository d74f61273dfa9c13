import type { FileHandle } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import type { ByteRange } from '@parley/core/storage/storage'

/** What one look at the disk reads, in bytes. */
const readAtOnce = 128 * 1024

/** Resolves once all that was written has been taken, or never will be. */
const drained = (to: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      to.off('drain', done).off('close', done)
      resolve()
    }
    to.on('drain', done).on('close', done)
  })

/**
 * What an answer has of a file, for that answer alone: all of it goes through two buffers, in turn. A new one
 * for each piece, as streams of files make them, takes more time than reading and sending together, and
 * memory until they are collected. Two, because a stream may ask for the next piece a moment before it hands
 * over the last. Closes the file.
 */
export function pour(file: FileHandle, { start, end }: ByteRange, answer: Writable): Readable {
  const fresh = (): Buffer => Buffer.allocUnsafeSlow(Math.min(readAtOnce, end - start + 1))
  let [next, last] = [fresh(), fresh()]
  let at = start
  async function read(stream: Readable): Promise<void> {
    if (answer.writableNeedDrain) await drained(answer)
    if (stream.destroyed) return
    // What was handed over and is not yet taken stays as it is.
    const buffer = answer.writableLength > 0 ? fresh() : next
    ;[next, last] = [last, buffer]
    const length = Math.min(buffer.length, end + 1 - at)
    const { bytesRead } = await file.read(buffer, 0, length, at)
    if (bytesRead === 0 && length > 0) throw new Error('a file ended before its end')
    at += bytesRead
    stream.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead))
  }
  const stream = new Readable({
    // The next piece is read when this one has gone.
    highWaterMark: 1,
    read() {
      read(this).catch((error: Error) => this.destroy(error))
    },
  })
  return stream.once('close', () => void file.close().catch(() => undefined))
}
