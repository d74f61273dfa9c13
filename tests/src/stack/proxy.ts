import { type Socket, connect, createServer } from 'node:net'
import { once } from 'node:events'

/** A TCP proxy in front of a server: cuts what runs through it, and can lead elsewhere next time. */
export interface Proxy {
  port: number
  leadTo(url: string): void
  /** Destroys all connections at once; new ones are taken. */
  cut(): void
  stop(): Promise<void>
}

interface Way {
  /** Whether it takes a connection. */
  admits(): boolean
  /** Brings to the server what comes from the client. */
  carry(from: Socket, to: Socket): void
}
const plain: Way = { admits: () => true, carry: (from, to) => void from.pipe(to) }

export async function startProxy(url: string, { admits, carry } = plain): Promise<Proxy> {
  let target = new URL(url)
  const open = new Set<Socket>()
  const server = createServer((inward) => {
    inward.on('error', () => undefined)
    if (!admits()) return void inward.destroy()
    const outward = connect(Number(target.port), target.hostname)
    for (const socket of [inward, outward]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => {
        open.delete(socket)
        inward.destroy()
        outward.destroy()
      })
    }
    carry(inward, outward)
    outward.pipe(inward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A string would be a pipe's.
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port,
    leadTo: (next) => void (target = new URL(next)),
    cut,
    async stop() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
