import { type Socket, connect } from 'node:net'
import { until } from '@parley/core/testing/until'

/** Clients who ask, and take nothing of what is answered but what the system takes for them. */
export interface Unread {
  /** Connections, with those that were cut off. */
  readonly asked: number
  /** So many times on one connection, without waiting for an answer. */
  ask(path: string, token: string, times?: number): void
  /** Each of them was answered something, or is gone. */
  answered(): Promise<void>
  close(): void
}

export function unread(port: number): Unread {
  const sockets: Socket[] = []
  const waiting = new Set<Socket>()
  return {
    get asked() {
      return sockets.length
    },
    ask(path, token, times = 1) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      // Without a listener nothing would be taken at all, and nobody would know of an answer.
      waiting.add(socket)
      for (const event of ['readable', 'close']) socket.once(event, () => waiting.delete(socket))
      const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
      socket.write(request.repeat(times))
      sockets.push(socket)
    },
    async answered() {
      const what = 'an answer to those who do not read'
      await until(() => waiting.size === 0, { timeoutMs: 20_000, what })
    },
    close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
