import type { File } from '@parley/contract'
import { Refusal, refuse } from '@parley/core/http/problem'
import { StorageFull } from '@parley/core/storage/storage'
import type { Server } from '../server.ts'
import { fileName } from './name.ts'
import * as queries from './queries.ts'
import { headLength, sniff } from './sniff.ts'

export interface Incoming {
  ownerId: number
  /** As the client says; undefined where it says nothing. */
  name: string | undefined
  /** The bytes. What it throws is the client's fault, and a Refusal. */
  source: AsyncIterable<Buffer>
  /** How many bytes surely come, as far as the client's word goes. */
  expected: number
}

/** Room is reserved by so many bytes where nobody knows how many come. */
const step = 1024 * 1024

type Keeper = Pick<Server, 'config' | 'pool' | 'storage' | 'looking'>

/** Passes on what there is room for, reserved before it is written, and refuses what is too much. */
async function* withinRoom(
  { config, pool }: Keeper,
  { source, expected }: Incoming,
  fileId: number,
): AsyncGenerator<Buffer> {
  const { maxFileSize: limit } = config
  let size = 0
  let room = expected
  for await (const chunk of source) {
    size += chunk.length
    if (size > limit) refuse('file_too_large', { limit })
    if (size > room) {
      const more = Math.min(Math.max(step, size - room), limit - room)
      // Where a whole step has no room, what came may have.
      if (await queries.grow(pool, fileId, more, config)) room += more
      else if (await queries.grow(pool, fileId, size - room, config)) room = size
      else refuse('quota_exceeded')
    }
    yield chunk
  }
}

/** Keeps the first bytes of what it passes on. */
export function withHead(source: AsyncIterable<Buffer>) {
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

/** Stores one file. Refuses what is too large or has no room; then nothing is kept. */
export async function receive(server: Keeper, incoming: Incoming): Promise<File> {
  const { config, pool, storage, looking } = server
  const { ownerId } = incoming
  const expected = Math.min(incoming.expected, config.maxFileSize)
  const name = fileName(incoming.name)
  const begun = await queries.begin(pool, { ownerId, name, bytes: expected }, config)
  if (begun === undefined) return refuse('quota_exceeded')
  try {
    const bytes = withHead(withinRoom(server, { ...incoming, expected }, begun.id))
    const stored = await storage.put(begun.storage_key, bytes)
    const mime = await sniff(bytes.head())
    const file = await queries.finish(pool, begun.id, stored, mime)
    // Removed meanwhile: the job may have been here before the bytes.
    if (file === undefined) await storage.remove(begun.storage_key)
    looking.wake()
    return file ?? refuse('not_found')
  } catch (error) {
    // Where the database does not answer, the job removes it in a day.
    await queries.drop(pool, begun.id, ownerId).catch(() => undefined)
    throw error instanceof StorageFull ? new Refusal('storage_full') : error
  }
}
