import type { File } from '@parley/contract'
import { Refusal } from '@parley/core/http/problem'
import { StorageFull } from '@parley/core/storage/storage'
import type { Server } from '../server.ts'
import * as queries from './queries.ts'
import { headLength, sniff } from './sniff.ts'

/** A full storage is a refusal. */
export async function unlessFull<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof StorageFull ? new Refusal('storage_full') : error
  }
}

/** Keeps the first bytes of what it passes on. */
function withHead(source: AsyncIterable<Buffer>) {
  const parts: Buffer[] = []
  let length = 0
  return {
    head: () => Buffer.concat(parts).subarray(0, headLength),
    async *[Symbol.asyncIterator]() {
      for await (const chunk of source) {
        if (length < headLength) parts.push(Buffer.from(chunk.subarray(0, headLength - length)))
        length += chunk.length
        yield chunk
      }
    },
  }
}

/** Stores the bytes of a file that was begun, and has it looked into. Undefined where it was removed meanwhile. */
export async function keep(
  { pool, storage, looking }: Pick<Server, 'pool' | 'storage' | 'looking'>,
  { id, storage_key }: queries.Begun,
  source: AsyncIterable<Buffer>,
): Promise<File | undefined> {
  const bytes = withHead(source)
  const stored = await unlessFull(storage.put(storage_key, bytes))
  const file = await queries.finish(pool, id, stored, await sniff(bytes.head()))
  // The job may have been here before the bytes.
  if (file === undefined) await storage.remove(storage_key)
  looking.wake()
  return file
}
