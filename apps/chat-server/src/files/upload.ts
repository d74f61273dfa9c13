import { addAbortSignal } from 'node:stream'
import { type File, uploadFiles } from '@parley/contract'
import multipart, { type Multipart } from '@fastify/multipart'
import { liftDeadline } from '@parley/core/http/deadline'
import { Refusal, refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { errorCode } from '@parley/core/start-error'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import { sayFarewell, watchPace } from './pace.ts'
import * as queries from './queries.ts'
import { receive } from './receive.ts'

/** Files in one upload, as in one message. */
const mostFiles = 10
/** What the headers of a part and the lines between parts take at the most, in bytes. */
const overhead = 2048

const tooMany = /^FST_(?:PARTS|FILES|FIELDS)_LIMIT$/

/** What is wrong with a form is its sender's fault, in whatever words the parser says it. */
const formFault = (error: unknown): Refusal =>
  tooMany.test(errorCode(error))
    ? new Refusal('too_many_files', { limit: mostFiles })
    : new Refusal('malformed_upload')

async function* blamed<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source
  } catch (error) {
    throw formFault(error)
  }
}

/** The parts of a form, one after the other: the next comes when the one before has been read. */
async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  if (!request.isMultipart() || request.headers['content-encoding'] !== undefined)
    refuse('unsupported_media_type')
  let parts: AsyncIterable<Multipart>
  try {
    parts = request.parts({
      limits: { files: mostFiles, fields: 0, parts: mostFiles, fileSize: Infinity },
    })
  } catch (error) {
    throw formFault(error)
  }
  yield* blamed(parts)
}

/** What comes until it ends, or the signal does: the parser waits for ever for what nobody reads on. */
async function* whileWanted<T>(source: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const { promise: end, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Error('it is not wanted any more'))
  signal.addEventListener('abort', stop)
  end.catch(() => undefined)
  try {
    for (;;) {
      const next = await Promise.race([source.next(), end])
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    if (!signal.aborted) await source.return(undefined)
  }
}

/** Receives all files of a form, or none; after the signal nothing more is waited for. */
async function receiveAll(
  server: Server,
  ownerId: number,
  request: FastifyRequest,
  signal: AbortSignal,
) {
  const files: File[] = []
  let left = Number(request.headers['content-length'] ?? 0)
  try {
    for await (const part of whileWanted(partsOf(request), signal)) {
      if (part.type !== 'file' || part.fieldname !== 'file') return refuse('malformed_upload')
      const file = await receive(server, {
        ownerId,
        name: part.filename,
        source: blamed<Buffer>(addAbortSignal(signal, part.file)),
        expected: Math.max(0, left - overhead),
      })
      files.push(file)
      left -= file.size
    }
    if (files.length === 0) refuse('malformed_upload')
    const ids = files.map(({ id }) => id)
    await server.looking.seen(ids)
    return { files: await queries.listed(server.pool, ids) }
  } catch (error) {
    for (const { id } of files) await queries.drop(server.pool, id, ownerId)
    throw error
  }
}

/** Uploads in one request, which may take as long as it keeps coming. */
export async function upload(app: FastifyInstance, server: Server): Promise<void> {
  const { maxFileSize: limit } = server.config
  await app.register(async (forms) => {
    forms.removeAllContentTypeParsers()
    await forms.register(multipart, { throwFileSizeLimit: false })
    forms.addContentTypeParser('*', (_request, _payload, done) =>
      done(new Refusal('unsupported_media_type')),
    )
    forms.addHook('onRequest', async ({ raw }) => {
      if (Number(raw.headers['content-length'] ?? 0) > mostFiles * (limit + overhead))
        refuse('file_too_large', { limit })
      liftDeadline(raw)
    })

    route(forms, uploadFiles, async ({ principal: { userId }, request }) => {
      const slow = new AbortController()
      const unwatch = watchPace(request.raw, () => slow.abort())
      try {
        return await receiveAll(server, userId, request, slow.signal)
      } catch (error) {
        sayFarewell(request.raw)
        throw slow.signal.aborted ? new Refusal('request_timeout') : error
      } finally {
        unwatch()
      }
    })
  })
}
