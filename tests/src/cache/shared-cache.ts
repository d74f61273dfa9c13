import { once } from 'node:events'
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request,
} from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type Stored, isFresh, matches, mayStore } from './rules.ts'

/** A shared cache in front of a server, as somebody may have one. What it answers itself says `x-cache: hit`. */
export interface SharedCache {
  url: string
  /** Paths of what it answered by itself, or after it was told that nothing had changed. */
  hits: string[]
  /** Paths of what it has. */
  kept(): string[]
  stop(): Promise<void>
}

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export async function startSharedCache(origin: string): Promise<SharedCache> {
  const store = new Map<string, Stored[]>()
  const hits: string[] = []

  async function ask(inward: IncomingMessage, tag?: string): Promise<Reply> {
    const headers = endToEnd(inward.headers)
    if (tag !== undefined) headers['if-none-match'] = tag
    const outward = request(origin + (inward.url ?? '/'), {
      method: inward.method,
      headers,
      agent: false,
    })
    inward.pipe(outward)
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      outward.on('response', resolve).on('error', reject)
    })
    return {
      status: reply.statusCode ?? 502,
      headers: endToEnd(reply.headers),
      body: await buffer(reply),
    }
  }

  async function answer(inward: IncomingMessage): Promise<Reply> {
    const { method = 'GET', url: path = '/', headers: asked } = inward
    const known = method === 'GET' ? (store.get(path) ?? []) : []
    const found = known.find((stored) => matches(stored, asked))
    const hit = (stored: Stored): Reply => {
      hits.push(path)
      return { ...stored, headers: { ...stored.headers, 'x-cache': 'hit' } }
    }
    if (found && isFresh(found)) return hit(found)
    const reply = await ask(inward, found?.headers.etag)
    if (found && reply.status === 304 && asked['if-none-match'] === undefined) return hit(found)
    if (mayStore(method, asked, reply)) {
      const others = known.filter((stored) => stored !== found)
      store.set(path, [...others, { ...reply, asked, at: Date.now() }])
    }
    return reply
  }

  const server = createServer((inward, response) => {
    answer(inward).then(
      (reply) => send(response, reply),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A string would be a pipe's.
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    kept: () => [...store.keys()],
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, headers)
  response.end(body)
}

/** What belongs to one connection and not to the message (RFC 9110, 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te'])

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))
