import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>()

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * Gives each body so many milliseconds to arrive, from its headers on. Node's own limit knows no
 * exception, and a large file takes longer than any other request.
 */
export function boundBodies(ms: number, expired: (error: Error, socket: Socket) => void) {
  return (request: IncomingMessage): void => {
    if (!hasBody(request)) return
    const timer = setTimeout(() => {
      if (request.complete) return
      const late = new Error('the body took too long')
      expired(Object.assign(late, { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), request.socket)
    }, ms)
    deadlines.set(request, timer)
    request.once('close', () => clearTimeout(timer))
  }
}

/** Lets a body take its time; whoever does that watches its pace. */
export const liftDeadline = (request: IncomingMessage): void => clearTimeout(deadlines.get(request))
