import type { File } from '@parley/contract'
import { refuse } from '@parley/core/http/problem'
import type { Server } from '../server.ts'
import { keep } from './keep.ts'
import { fileName } from './name.ts'
import * as queries from './queries.ts'
import { sweepAfter } from './sweep.ts'

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
    sweepAfter(chunk.length)
  }
}

/** Stores one file. Refuses what is too large or has no room; then nothing is kept. */
export async function receive(server: Keeper, incoming: Incoming): Promise<File> {
  const { config, pool } = server
  const { ownerId } = incoming
  const expected = Math.min(incoming.expected, config.maxFileSize)
  const name = fileName(incoming.name)
  const begun = await queries.begin(pool, { ownerId, name, bytes: expected }, config)
  if (begun === undefined) return refuse('quota_exceeded')
  try {
    const file = await keep(server, begun, withinRoom(server, { ...incoming, expected }, begun.id))
    return file ?? refuse('not_found')
  } catch (error) {
    // Where the database does not answer, the job removes it in a day.
    await queries.drop(pool, begun.id, ownerId).catch(() => undefined)
    throw error
  }
}
