import { mkdirSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../start-error.ts'
import { fullOr, isKey } from './storage.ts'

/**
 * What has come so far of uploads that may be resumed: a file each, as long as what is surely there.
 * Always in a folder of this machine: from here it goes to the storage when it is whole.
 */
export interface Partials {
  create(key: string): Promise<void>
  /** Bytes there are; undefined where nothing was begun, or it is gone. */
  size(key: string): Promise<number | undefined>
  /**
   * Adds what comes behind so many bytes. What was written stays, whatever ends it. Throws `StorageFull`,
   * and whatever the source throws.
   */
  append(key: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<void>
  /** All goes through one buffer: each piece is gone when the next is asked for. */
  read(key: string): AsyncIterable<Buffer>
  remove(key: string): Promise<void>
  keys(): Promise<string[]>
}

/** What one look at the disk reads, in bytes. */
const readAtOnce = 256 * 1024

export function createPartials(folder: string): Partials {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (key: string): string => {
    if (!isKey(key)) throw new Error('this is no key of the storage')
    return join(folder, key)
  }

  return {
    async create(key) {
      try {
        const handle = await open(pathOf(key), 'wx', 0o600)
        await handle.close()
      } catch (error) {
        throw fullOr(error)
      }
    },

    async size(key) {
      try {
        return (await stat(pathOf(key))).size
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined
        throw error
      }
    },

    async append(key, offset, source) {
      const handle = await open(pathOf(key), 'r+')
      let end = offset
      try {
        for await (const chunk of source) {
          for (let at = 0; at < chunk.length;) {
            const left = chunk.length - at
            const { bytesWritten } = await handle.write(chunk, at, left, end)
            at += bytesWritten
            end += bytesWritten
          }
        }
        await handle.datasync()
      } catch (error) {
        throw fullOr(error)
      } finally {
        await handle.close()
      }
    },

    async *read(key) {
      const handle = await open(pathOf(key), 'r')
      try {
        const buffer = Buffer.allocUnsafeSlow(readAtOnce)
        for (;;) {
          const { bytesRead } = await handle.read(buffer, 0, buffer.length)
          if (bytesRead === 0) return
          yield buffer.subarray(0, bytesRead)
        }
      } finally {
        await handle.close()
      }
    },

    remove: (key) => rm(pathOf(key), { force: true }),
    keys: async () => (await readdir(folder)).filter(isKey),
  }
}
