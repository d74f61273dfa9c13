import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/**
 * Between browsers and the event stream: passes everything on, or
 * - `refuse`: takes no connection;
 * - `stall`: takes them and brings nothing any more, open ones neither: they look connected;
 * - `502`: answers as a reverse proxy does whose server is down.
 */
export type Mode = 'pass' | 'refuse' | 'stall' | '502'

export interface EventsProxy {
  url: string
  leadTo(url: string): void
  become(mode: Mode): void
  /** Each text that the stream sends from now on, as it is to arrive; without it as it is. */
  alter(change?: (text: string) => string): void
  /** How many browsers are connected. */
  streams(): number
  /** How many connections were refused so far. */
  refused(): number
  stop(): Promise<void>
}

/** A chunk of HTTP/1.1 as the notify-server writes it: its text has no carriage return. */
const chunk = /([0-9a-f]{6})\r\n([^\r]*)\r\n/g

function altered(data: Buffer, change: (text: string) => string): Buffer {
  const sizeOf = (text: string) => Buffer.byteLength(text).toString(16).padStart(6, '0')
  const rewrite = (_whole: string, _size: string, text: string) => {
    const next = change(text)
    return `${sizeOf(next)}\r\n${next}\r\n`
  }
  return Buffer.from(data.toString().replace(chunk, rewrite))
}

const badGateway = [
  'HTTP/1.1 502 Bad Gateway',
  'access-control-allow-origin: *',
  'content-type: text/html',
  'content-length: 0',
  'connection: close',
  '',
  '',
].join('\r\n')

export async function startEventsProxy(): Promise<EventsProxy> {
  let refused = 0
  let target = new URL('http://127.0.0.1:1')
  let mode: Mode = 'pass'
  let change: ((text: string) => string) | undefined
  const open = new Set<Socket>()
  const inwards = new Set<Socket>()
  const server = createServer((inward) => {
    const keep = (socket: Socket) => {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => open.delete(socket))
    }
    keep(inward)
    inwards.add(inward)
    inward.once('close', () => inwards.delete(inward))
    if (mode === 'refuse') {
      refused++
      return void inward.destroy()
    }
    if (mode === 'stall') return void inward.resume()
    if (mode === '502') return void inward.once('data', () => inward.end(badGateway))
    const outward = connect(Number(target.port), target.hostname)
    keep(outward)
    for (const socket of [inward, outward]) {
      socket.once('close', () => {
        if (mode === 'stall') return
        inward.destroy()
        outward.destroy()
      })
    }
    // What stalled once stays silent for good: nothing comes that lacks what came before it.
    let dead = false
    const pass = (to: Socket, data: Buffer) => {
      dead ||= mode === 'stall'
      if (!dead) to.write(data)
    }
    inward.on('data', (data) => pass(outward, data))
    outward.on('data', (data) => pass(inward, change ? altered(data, change) : data))
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
    url: `http://127.0.0.1:${port}`,
    refused: () => refused,
    streams: () => inwards.size,
    alter: (next) => void (change = next),
    leadTo: (next) => void (target = new URL(next)),
    become(next) {
      if (next === mode) return
      if (next !== 'stall' && mode !== 'stall') cut()
      mode = next
    },
    async stop() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
