import { once } from 'node:events'
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request,
} from 'node:http'
import { Faults } from './http-faults.ts'

/**
 * A reverse proxy of HTTP/1.1, as somebody may have one in front of both servers: it makes chunks of
 * its own and keeps nothing back. And it fails as such proxies do.
 */
export interface HttpProxy {
  url: string
  faults: Faults
  /** Where the API and the events are; to be said before the first request. */
  leadTo(targets: { api: string; events: string }): void
  stop(): Promise<void>
}

export async function startHttpProxy(): Promise<HttpProxy> {
  const faults = new Faults()
  let targets = { api: '', events: '' }

  const server = createServer((inward, response) => {
    response.on('error', () => undefined)
    if (faults.refuses()) {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>\n')
      return
    }
    const path = inward.url ?? '/'
    const isStream = path.startsWith('/events')
    const { hostname, port } = new URL(isStream ? targets.events : targets.api)
    const headers = endToEnd(inward.headers)
    const options = { hostname, port, path, method: inward.method, headers, agent: false }
    const outward = request(options, (answer) => {
      answer.on('error', () => response.destroy())
      if (isStream) passStream(faults, answer, response)
      else void passAnswer(faults, inward, answer, response)
    })
    outward.on('error', () => response.destroy())
    response.on('close', () => outward.destroy())
    inward.pipe(outward)
  })

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A string would be a pipe's.
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    leadTo: (next) => void (targets = next),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** What belongs to one connection and not to the message (RFC 9110, 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te'])

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))

/** Size of a chunk, in bytes: so small that hardly a line is whole. */
const chunkSize = 61

function passStream(faults: Faults, answer: IncomingMessage, response: ServerResponse): void {
  faults.opened(response)
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
  response.flushHeaders()
  answer.on('data', (data: Buffer) => {
    const { rest, last } = faults.ofStream(response, data)
    for (let at = 0; at < rest.length; at += chunkSize)
      response.write(rest.subarray(at, at + chunkSize))
    if (!last) return
    answer.destroy()
    cut(response)
  })
  answer.on('end', () => response.end())
}

async function passAnswer(
  faults: Faults,
  inward: IncomingMessage,
  answer: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { rest, last } = faults.ofAnswer(inward, Buffer.concat(await answer.toArray()))
  if (last && rest.length === 0) return void response.destroy()
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
  response.write(rest)
  if (last) cut(response)
  else response.end()
}

/** Breaks the connection when all that was written is out: a destroyed socket takes it with it. */
function cut({ socket }: ServerResponse): void {
  socket?.write('', () => socket.destroy())
}
