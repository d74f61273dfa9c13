import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ErrorCode, errors } from '@parley/contract'
import type { FastifyReply } from 'fastify'
import type { Logger } from '../log.ts'
import { errorCode } from '../start-error.ts'
import { problem } from './problem.ts'

const codes: Record<string, ErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too_large',
}

/**
 * Answers what is no HTTP or came too slowly, for which no request and no reply exist: straight to the
 * socket, which is closed, because where the next request would begin is anybody's guess (RFC 9112,
 * 11.2).
 */
export function unreadableRequests(headers: Record<string, string>, log: Logger) {
  const open = new WeakMap<Duplex, Set<FastifyReply>>()

  /** A refusal written before an earlier answer would be taken for that answer. */
  const wouldBeTakenForAnother = (socket: Duplex): boolean =>
    [...(open.get(socket) ?? [])].some(
      ({ raw, request }) => raw.headersSent || request.raw.complete,
    )

  return {
    begin(reply: FastifyReply): void {
      const { socket } = reply.request.raw
      const replies = open.get(socket)
      if (replies) replies.add(reply)
      else open.set(socket, new Set([reply]))
    },
    end: (reply: FastifyReply): void => void open.get(reply.request.raw.socket)?.delete(reply),

    refuse(error: Error, socket: Duplex): void {
      if (errorCode(error) === 'ECONNRESET' || !socket.writable || wouldBeTakenForAnother(socket)) {
        socket.destroy()
        return
      }
      const code = codes[errorCode(error)] ?? 'malformed_request'
      const { status } = errors[code]
      const id = randomUUID()
      const body = JSON.stringify(problem(code, id))
      const lines = Object.entries({
        ...headers,
        'x-request-id': id,
        'content-type': 'application/problem+json',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
        date: new Date().toUTCString(),
      }).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
        socket.destroy(),
      )
      log.info({ method: null, route: null, status, request_id: id })
    },
  }
}
