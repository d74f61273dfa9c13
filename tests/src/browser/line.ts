import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/** What lies between browsers and the chat-server: it can be slow or cut, and counts what goes up. */
export interface Line {
  url: string
  leadTo(url: string): void
  /** So many bytes a second go up, of all together; what comes down is free. */
  limit(bytes: number): void
  /** Breaks all connections and takes none until it is mended. */
  cut(): void
  mend(): void
  /** How many bytes went up so far. */
  sent(): number
  stop(): Promise<void>
}

export async function startLine(): Promise<Line> {
  let target = new URL('http://127.0.0.1:1')
  let rate = Infinity
  let isCut = false
  let sent = 0
  /** When all that was taken so far is through, in milliseconds. */
  let free = 0
  const open = new Set<Socket>()
  const cutAll = () => {
    for (const socket of open) socket.destroy()
  }

  const server = createServer((inward) => {
    inward.on('error', () => undefined)
    if (isCut) return void inward.destroy()
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
    outward.pipe(inward)
    inward.on('data', (data) => {
      sent += data.length
      outward.write(data)
      if (rate === Infinity) return
      free = Math.max(free, performance.now()) + (data.length / rate) * 1_000
      inward.pause()
      setTimeout(() => inward.resume(), Math.max(0, free - performance.now()))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A string would be a pipe's.
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url) => void (target = new URL(url)),
    limit: (bytes) => void (rate = bytes),
    sent: () => sent,
    cut() {
      isCut = true
      cutAll()
    },
    mend: () => void (isCut = false),
    async stop() {
      cutAll()
      server.close()
      await once(server, 'close')
    },
  }
}
