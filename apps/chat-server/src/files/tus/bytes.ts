import { Refusal, refuse } from '@parley/core/http/problem'
import { StorageFull } from '@parley/core/storage/storage'
import type { FastifyRequest } from 'fastify'
import type { Server } from '../../server.ts'
import { sayFarewell, watchPace } from '../pace.ts'
import * as files from '../queries.ts'
import { withHead } from '../receive.ts'
import { sniff } from '../sniff.ts'
import type { Upload } from './queries.ts'

type Keeper = Pick<Server, 'pool' | 'storage' | 'partials' | 'looking'>

/** A full storage is a refusal. */
export async function unlessFull<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof StorageFull ? new Refusal('storage_full') : error
  }
}

/** What comes of a body, up to so many bytes; what breaks off just ends. */
async function* upTo({ raw }: FastifyRequest, most: number): AsyncGenerator<Buffer> {
  let left = most
  const chunks = raw.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      // The client went away: what came counts.
      const next = await chunks.next().catch(() => undefined)
      if (next === undefined || next.done === true || !Buffer.isBuffer(next.value)) return
      if (next.value.length > left) refuse('malformed_upload')
      left -= next.value.length
      yield next.value
    }
  } finally {
    // Else nothing reads what is still on its way.
    await chunks.return?.()
  }
}

/** Adds the body of a request to what is there of an upload, for as long as it keeps coming. */
export async function append(
  { partials }: Keeper,
  upload: Upload,
  offset: number,
  request: FastifyRequest,
): Promise<void> {
  const slow = Promise.withResolvers<never>()
  const unwatch = watchPace(request.raw, () => slow.reject(new Refusal('request_timeout')))
  const bytes = upTo(request, upload.length - offset)
  const written = unlessFull(partials.append(upload.storage_key, offset, bytes))
  try {
    await Promise.race([written, slow.promise])
  } catch (error) {
    sayFarewell(request.raw)
    // A slow client’s connection is cut; until then nobody else may write.
    await written.catch(() => undefined)
    throw error
  } finally {
    unwatch()
  }
}

/** Makes a file of an upload that is whole; again does nothing. */
export async function finish(keeper: Keeper, upload: Upload): Promise<void> {
  const { pool, storage, partials, looking } = keeper
  if (upload.state !== 'pending') return
  const bytes = withHead(partials.read(upload.storage_key))
  const stored = await unlessFull(storage.put(upload.storage_key, bytes))
  const file = await files.finish(pool, upload.id, stored, await sniff(bytes.head()))
  // Removed meanwhile: the job may have been here before the bytes.
  if (file === undefined) await storage.remove(upload.storage_key)
  looking.wake()
  await partials.remove(upload.storage_key)
}
