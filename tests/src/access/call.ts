import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'

export interface Asked {
  method: string
  path: string
  token?: string | undefined
  /** Text is sent as it is, with the type that `headers` say; everything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Answer {
  /** Status and code together, as `403 forbidden` or `200`. */
  outcome: string
  status: number
  body: string
  headers: IncomingMessage['headers']
  /** All that came, as it came, but for the time. */
  bytes: string
}

const agent = new Agent({ keepAlive: true })

/** Each request has the same id, so that answers to the same thing are the same bytes. */
const requestId = 'the-same-one'

/** Calls a server; an answer that is none, such as a stream, is not to be awaited by this. */
export async function call(url: string, { method, path, token, body, headers }: Asked) {
  const sent = request(url + path, {
    agent,
    method,
    headers: {
      accept: 'application/json',
      'x-request-id': requestId,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  })
  const content = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  // Node frames the body of a DELETE only where it is told the length.
  if (content !== '') sent.setHeader('content-length', Buffer.byteLength(content))
  sent.end(content)
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
  })
  return answerOf(reply, await text(reply))
}

function answerOf(reply: IncomingMessage, body: string): Answer {
  const { statusCode: status = 0, rawHeaders, headers } = reply
  const code = parseJson(body, Type.Object({ code: Type.String() }))?.code
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && !/^date$/i.test(name) ? [`${name}: ${rawHeaders[at + 1] ?? ''}`] : [],
  )
  return {
    outcome: status < 400 || code === undefined ? String(status) : `${status} ${code}`,
    status,
    body,
    headers,
    bytes: [String(status), ...lines, '', body].join('\n'),
  }
}
