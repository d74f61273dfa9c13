import { Id, object } from '@parley/contract'
import { liftDeadline } from '@parley/core/http/deadline'
import { Refusal, refuse } from '@parley/core/http/problem'
import { textValidator } from '@parley/core/http/validate'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../../server.ts'
import { unlessFull } from '../keep.ts'
import { fileName } from '../name.ts'
import * as files from '../queries.ts'
import { append, finish } from './bytes.ts'
import { abilities, bytesIn, common, metadataIn, version } from './headers.ts'
import * as queries from './queries.ts'
import { createTakeover } from './turns.ts'

const path = '/api/uploads'
const one = `${path}/:id`

/** Since when an upload is whole, its file may be sent with a message. */
const wholeAs = (id: number) => ({ 'parley-file-id': String(id) })

const ownerOf = ({ principal }: FastifyRequest): number =>
  (principal ?? refuse('not_signed_in')).userId

/**
 * Resumable uploads by tus 1.0.0, with creation, termination and expiration. An upload is its owner’s
 * alone; its number is that of the file it becomes.
 */
export async function uploads(app: FastifyInstance, server: Server): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) =>
      done(null),
    )
    scope.addContentTypeParser('*', (_request, _body, done) =>
      done(new Refusal('unsupported_media_type')),
    )
    scope.addHook('onRequest', async ({ raw }, reply) => {
      reply.headers(common)
      if (raw.method === 'OPTIONS') return
      if (raw.headers['tus-resumable'] !== version) {
        reply.header('tus-version', version)
        refuse('unsupported_version')
      }
      if (raw.method === 'PATCH') liftDeadline(raw)
    })
    const open = { config: { open: true } } as const
    for (const url of [path, one])
      scope.options(url, open, async (_request, reply) =>
        reply.headers(abilities(server.config.maxFileSize)).code(204).send(),
      )
    create(scope, server)
    resume(scope, server)
  })
}

function create(scope: FastifyInstance, server: Server): void {
  const { config, pool, partials } = server
  scope.post(path, { config: { limits: ['uploads'] } }, async (request, reply) => {
    const { headers } = request.raw
    const length = bytesIn(headers, 'upload-length')
    const { metadata, name } = metadataIn(headers)
    const limit = config.maxFileSize
    if (length > limit) return refuse('file_too_large', { limit })
    const wish = { ownerId: ownerOf(request), name: fileName(name), length, metadata }
    const upload = (await queries.begin(pool, wish, config)) ?? refuse('quota_exceeded')
    try {
      await unlessFull(partials.create(upload.storage_key))
    } catch (error) {
      await files.drop(pool, upload.id, wish.ownerId)
      throw error
    }
    if (length === 0) {
      await finish(server, upload)
      reply.headers(wholeAs(upload.id))
    }
    return reply
      .code(201)
      .headers({ location: `${path}/${upload.id}`, 'upload-expires': expiry(upload) })
      .send()
  })
}

const expiry = ({ expires_at }: queries.Upload): string => new Date(expires_at).toUTCString()

function resume(scope: FastifyInstance, server: Server): void {
  const { pool, partials } = server
  const params = textValidator(object({ id: Id }), '/params')
  const alone = createTakeover()

  /**
   * Runs what is done to one’s own upload, with how many bytes there are of it. The reply is no part of
   * that: whoever waits for one waits until it was sent.
   */
  const withUpload = async (
    request: FastifyRequest,
    work: (upload: queries.Upload, offset: number) => Promise<void>,
  ): Promise<void> => {
    const { id } = params(request.params)
    const ownerId = ownerOf(request)
    if (!(await queries.find(pool, id, ownerId))) return refuse('not_found')
    return alone(id, request.raw, async () => {
      const upload = (await queries.find(pool, id, ownerId)) ?? refuse('not_found')
      const there = upload.state === 'pending' ? await partials.size(upload.storage_key) : undefined
      if (upload.state === 'pending' && there === undefined) return refuse('not_found')
      return work(upload, there ?? upload.length)
    })
  }

  /** Tells how far an upload has come, and makes it a file once it is whole. */
  async function tell(reply: FastifyReply, upload: queries.Upload, offset: number): Promise<void> {
    reply.headers({ 'upload-offset': String(offset), 'upload-expires': expiry(upload) })
    if (offset !== upload.length) return
    await finish(server, upload)
    reply.headers(wholeAs(upload.id))
  }

  scope.head(one, async (request, reply) => {
    await withUpload(request, async (upload, offset) => {
      await tell(reply, upload, offset)
      reply.header('upload-length', String(upload.length))
      if (upload.metadata !== null) reply.header('upload-metadata', upload.metadata)
    })
    return reply.code(200).send()
  })

  scope.patch(one, async (request, reply) => {
    await withUpload(request, async (upload, offset) => {
      const { 'content-type': type, 'content-encoding': encoding } = request.headers
      if (type !== 'application/offset+octet-stream' || encoding !== undefined)
        return refuse('unsupported_media_type')
      if (bytesIn(request.raw.headers, 'upload-offset') !== offset) return refuse('wrong_offset')
      if (upload.state === 'pending') await append(server, upload, offset, request)
      await tell(reply, upload, (await partials.size(upload.storage_key)) ?? upload.length)
    })
    return reply.code(204).send()
  })

  scope.delete(one, async (request, reply) => {
    await withUpload(request, async (upload) => {
      if ((await files.drop(pool, upload.id, ownerOf(request))) === 0) return refuse('not_found')
      await partials.remove(upload.storage_key)
    })
    return reply.code(204).send()
  })
}
