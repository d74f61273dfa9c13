import { Refusal, refuse } from '@parley/core/http/problem'
import type { FastifyRequest } from 'fastify'
import type { Server } from '../../server.ts'
import { keep, unlessFull } from '../keep.ts'
import { sayFarewell, watchPace } from '../pace.ts'
import { sweepAfter } from '../sweep.ts'
import type { Upload } from './queries.ts'

type Keeper = Pick<Server, 'pool' | 'storage' | 'partials' | 'looking'>

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
      sweepAfter(next.value.length)
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
  if (upload.state !== 'pending') return
  await keep(keeper, upload, keeper.partials.read(upload.storage_key))
  await keeper.partials.remove(upload.storage_key)
}
