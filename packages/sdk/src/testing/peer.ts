import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
} from 'node:http'

export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
type Answer = (heard: Heard, response: ServerResponse) => void

/** A server that says whatever a test wants it to say. */
export async function startPeer() {
  const heard: Heard[] = []
  const answers = new Map<string, Answer>()

  const read = async (request: IncomingMessage): Promise<string> => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    return body
  }
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url = '', headers } = request
      const one = { method, path: url, headers, body }
      heard.push(one)
      const answer = answers.get(`${method} ${url.split('?')[0]}`)
      if (answer) answer(one, response)
      else sendProblem(response, 404, 'not_found')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    /** What it heard at a path, query left out. */
    at: (path: string) => heard.filter((one) => one.path.split('?')[0] === path),
    on: (route: string, answer: Answer) => void answers.set(route, answer),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Peer = Awaited<ReturnType<typeof startPeer>>

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
  response.end(
    JSON.stringify({ type: 'urn:test', title: code, status, detail: code, code, request_id: 'r1' }),
  )
}

/** Begins an event stream; frames follow by `write`. */
export function beginStream(response: ServerResponse, text = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(`: connected\n\n${text}`)
  return response
}

/** A JWT in form only: what it says is all that a client looks at. */
export function makeToken(name: string, lifeSeconds = 600): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(Date.now() / 1000)
  return `${part({ alg: 'none' })}.${part({ sub: name, iat, exp: iat + lifeSeconds })}.sig`
}
