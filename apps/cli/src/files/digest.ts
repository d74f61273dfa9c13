import { createHash } from 'node:crypto'
import type { Storage } from '@parley/core/storage/storage'

interface Content {
  /** Bytes. */
  size: number
  /** In hex. */
  sha256: string
}

/** What a storage really has under a key, read to its end; undefined where it has nothing. */
export async function digestOf(storage: Storage, key: string): Promise<Content | undefined> {
  const bytes = await storage.read(key)
  if (bytes === undefined) return undefined
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

/** Whether it is what was expected, as far as that is known. */
export const isSame = (
  found: Content,
  expected: Pick<Content, 'size'> & { sha256: string | undefined },
): boolean =>
  found.size === expected.size &&
  (expected.sha256 === undefined || found.sha256 === expected.sha256)

/** Works on several at once, as they come. The first failure ends all. */
export async function eachAtOnce<T>(
  items: AsyncIterator<T, unknown> | Iterator<T, unknown>,
  count: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let isOver = false
  const worker = async (): Promise<void> => {
    while (!isOver) {
      const next = await items.next()
      if (next.done === true) return
      try {
        await work(next.value)
      } catch (error) {
        isOver = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: count }, worker))
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** "3.2 MiB" */
export function inWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power] ?? ''}`
}
