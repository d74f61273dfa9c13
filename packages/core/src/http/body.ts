import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from './problem.ts'
import { parseBody } from './text.ts'

/** Whatever else a body may be said to be, it is UTF-8 (RFC 8259, 8.1). */
const json = /^application\/json(?: *; *charset="?utf-8"?)?$/i

/** Makes JSON the only body that the server takes: said once, not compressed, whole. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!isPlainJson(request)) refuse('unsupported_media_type')
      done(null, parseBody(Buffer.isBuffer(body) ? body : Buffer.from(body)))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

function isPlainJson({ headers, raw }: FastifyRequest): boolean {
  if (headers['content-encoding'] !== undefined) return false
  // Node keeps the first of two; whoever stands in front of us may have kept the second.
  const said = raw.rawHeaders.filter((name, at) => at % 2 === 0 && /^content-type$/i.test(name))
  return said.length === 1 && json.test(headers['content-type'] ?? '')
}
