import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Answers are kept until the system has taken them: of all together no more than this, in bytes. */
const usual = 64 * 1024 * 1024

/**
 * Cuts off clients who do not read, where their answers together would take too much memory: those
 * whose answers have waited for longest, because whoever reads has had theirs long since.
 */
export function boundUnread(app: FastifyInstance, most = usual): void {
  /** By connection, which may ask many times without waiting; in the order in which they fell behind. */
  const unread = new Map<Socket, number>()
  const known = new WeakSet<Socket>()
  let bytes = 0
  const add = (socket: Socket, size: number): void => {
    const sum = (unread.get(socket) ?? 0) + size
    bytes += size
    if (sum > 0) unread.set(socket, sum)
    else unread.delete(socket)
  }
  const forget = (socket: Socket): void => add(socket, -(unread.get(socket) ?? 0))

  app.addHook('onSend', async (request, reply, payload) => {
    const { socket } = request.raw
    const body = outsideOfHeap(payload)
    const size = sizeOf(body)
    if (size === 0 || socket.destroyed) return body
    // An answer that is still behind others when its connection ends is told of nothing itself.
    if (!known.has(socket)) socket.once('close', () => forget(socket))
    known.add(socket)
    add(socket, size)
    reply.raw.once('close', () => {
      if (unread.has(socket)) add(socket, -size)
    })
    for (const slowest of unread.keys()) {
      if (bytes <= most) break
      forget(slowest)
      slowest.destroy()
    }
    return body
  })
}

/** What is large and may have to wait is bytes: text would fill the heap, which has a smaller limit. */
const outsideOfHeap = (payload: unknown): unknown =>
  typeof payload === 'string' && payload.length > 16 * 1024 ? Buffer.from(payload) : payload

const sizeOf = (payload: unknown): number =>
  typeof payload === 'string'
    ? Buffer.byteLength(payload)
    : payload instanceof Uint8Array
      ? payload.length
      : 0
