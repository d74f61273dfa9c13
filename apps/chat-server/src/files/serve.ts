import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { type VisibleFile, authorizeFile } from '@parley/core/access/file'
import { tellLimit } from '@parley/core/http/limits'
import { refuse } from '@parley/core/http/problem'
import { textValidator } from '@parley/core/http/validate'
import { errorCode } from '@parley/core/start-error'
import type { ByteRange, Storage } from '@parley/core/storage/storage'
import { Id, object } from '@parley/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Server } from '../server.ts'
import { contentHeaders } from './headers.ts'
import { pour } from './pour.ts'
import { isKnown, rangeOf } from './range.ts'
import type { Signer } from './sign.ts'

/** How long a client may take nothing of a file, in milliseconds. */
const slowestReading = 60_000

const Query = object({
  e: Type.Integer({ minimum: 0 }),
  u: Id,
  d: Type.Optional(Type.Literal('1')),
  r: Type.Optional(Type.String({ maxLength: 32 })),
  s: Type.String({ minLength: 43, maxLength: 43 }),
})

/** What is sent for a file: itself, or a rendition of it. */
function chosen(file: VisibleFile, rendition: string | undefined) {
  const digest = file.sha256.toString('base64url')
  if (rendition === undefined)
    return { key: file.storage_key, mime: file.mime, size: file.size, tag: `"${digest}"` }
  const { mime, size } =
    file.renditions.find(({ name }) => name === rendition) ?? refuse('not_found')
  return {
    key: `${file.storage_key}.${rendition}`,
    mime,
    size,
    tag: `"${digest}.${rendition}"`,
  }
}

/** From the disk where it has them, else as the store gives them; undefined where there are none. */
async function bytesOf(
  storage: Storage,
  { key, size }: { key: string; size: number },
  range: ByteRange | undefined,
  answer: Writable,
) {
  const path = storage.pathOf?.(key)
  if (path === undefined) return storage.read(key, range)
  try {
    return pour(await open(path), range ?? { start: 0, end: size - 1 }, answer)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The bytes, to whoever has a signed address. Whether its user may see the file is asked anew each time,
 * before anything is said of it: whoever was removed a moment ago gets nothing.
 */
export function serve(app: FastifyInstance, server: Server, signer: Signer): void {
  const { pool, storage, throttle, log } = server
  const params = textValidator(object({ id: Id }), '/params')
  const query = textValidator(Query, '/query')

  app.route({
    method: ['GET', 'HEAD'],
    url: '/files/:id',
    exposeHeadRoute: false,
    config: { open: true },
    // Of a large file much lies with the system: a slow line takes long until that asks for more.
    onSend: async (_request, reply) => void reply.raw.setTimeout(slowestReading),
    handler: async (request, reply) => {
      const { id } = params(request.params)
      const { e, u, d, r, s } = query(request.query)
      const grant = { fileId: id, userId: u, download: d === '1', rendition: r }
      if (!signer.isGood(grant, e, s)) return refuse('not_found')
      tellLimit(reply, throttle?.take([['downloads', String(u)]]))
      const file = await authorizeFile(pool, u, id)
      const { key, mime, size, tag } = chosen(file, r)
      const { headers, method } = request
      reply.headers(contentHeaders({ name: file.name, mime, tag, download: grant.download }))
      if (isKnown(headers['if-none-match'], tag)) return reply.code(304).send()
      const ifRange = headers['if-range']
      const range = rangeOf(
        { range: headers.range, ifRange: typeof ifRange === 'string' ? ifRange : undefined },
        tag,
        size,
      )
      if (range === 'none') {
        reply.header('content-range', `bytes */${size}`)
        return refuse('range_not_satisfiable')
      }
      const length = range ? range.end - range.start + 1 : size
      if (range) {
        reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
      }
      reply.header('content-length', String(length))
      if (method === 'HEAD') return reply.send()
      const bytes = await bytesOf(storage, { key, size }, range, reply.raw)
      if (bytes === undefined) {
        log.error({ file_id: id }, 'the storage has not what a file has')
        return refuse('not_found')
      }
      return reply.send(bytes)
    },
  })
}
