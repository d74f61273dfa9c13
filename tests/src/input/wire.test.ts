import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, type RawReply, sendRaw, startChat } from './kit.ts'
import { expectHeaders, expectProblem } from './problem.ts'

let server: ChatServer
beforeAll(async () => {
  server = await startChat()
})
afterAll(() => server.stop())

const asReply = ({ status, headers, body }: RawReply) => ({
  status,
  body,
  header: (name: string) => headers.get(name),
})

const one = async (bytes: string | Buffer): Promise<RawReply> => {
  const [reply] = await sendRaw(server.port, bytes, { replies: 1 })
  if (!reply) throw new Error('closed without a reply')
  return reply
}

const codeOf = async (bytes: string | Buffer) => expectProblem(asReply(await one(bytes)))

const get = (target: string, more = '', version = '1.1') =>
  `GET ${target} HTTP/${version}\r\nHost: x\r\n${more}\r\n`

const post = (headers: string, body: string) =>
  `POST /api/signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`

test.for([
  [
    'both lengths (CL.TE)',
    post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nG'),
  ],
  [
    'both lengths (TE.CL)',
    post('Transfer-Encoding: chunked\r\nContent-Length: 6\r\n', '0\r\n\r\nG'),
  ],
  ['two different lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '{} ')],
  ['twice the same length', post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}')],
  ['a length with a sign', post('Content-Length: +2\r\n', '{}')],
  ['a length in hexadecimal', post('Content-Length: 0x2\r\n', '{}')],
  ['an unknown transfer coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')],
  ['chunked that is not last', post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n')],
  ['a coding behind a tab', post('Transfer-Encoding:\tchunked, x\r\n', '0\r\n\r\n')],
  ['a blank before the colon', post('Content-Length : 2\r\n', '{}')],
  ['a chunk without its length', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n')],
  [
    'a chunk that is longer than it says',
    post('Transfer-Encoding: chunked\r\n', '1\r\n{}\r\n0\r\n\r\n'),
  ],
  ['a folded header', get('/healthz', 'X: a\r\n b\r\n')],
  ['bare line feeds', 'GET /healthz HTTP/1.1\nHost: x\n\n'],
  ['a bare carriage return in a header', get('/healthz', 'X: a\rb\r\n')],
  ['a NUL in a header', get('/healthz', 'X: a\0b\r\n')],
  ['no HTTP', 'hello\r\n\r\n'],
  ['an unknown method', 'FOO /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a blank in the target', 'GET /health z HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a target without a slash', 'GET healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['the hello of TLS', Buffer.from('16030100a1010000', 'hex')],
  ['HTTP/0.9', 'GET /healthz\r\n\r\n'],
  ['HTTP/2.0 in clear', get('/healthz', '', '2.0')],
  ['HTTP/9.9', get('/healthz', '', '9.9')],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two Hosts', get('/healthz', 'Host: y\r\n')],
] as const)('%s is refused as malformed, and the connection is closed', async ([, bytes]) => {
  const replies = await sendRaw(server.port, bytes)
  expect(replies).toHaveLength(1)
  const [reply] = replies
  expect(reply && expectProblem(asReply(reply))).toBe('malformed_request')
  expect(reply?.headers.get('connection')).toBe('close')
})

test('headers over 16 KiB are refused, and so is a request line', async () => {
  expect(await codeOf(get('/healthz', `X: ${'x'.repeat(17_000)}\r\n`))).toBe('headers_too_large')
  expect(await codeOf(get(`/${'x'.repeat(17_000)}`))).toBe('headers_too_large')
})

test.for([
  '/api/%zz',
  '/api/%',
  '/api/chats/%ff',
  '/api/chats/%ED%A0%80',
  '/api/chats/%C0%AE',
  `/api/chats/${'1'.repeat(300)}`,
  `/api/invites/${'x'.repeat(5000)}`,
  '/%2e%2e/%2e%2e/etc/passwd',
  '/../../etc/passwd',
  '/api/../api/me/',
  '//api/me',
  '/api//me',
  '/api/me/',
  '/API/me',
  '/api/ME',
  '/api/me;x=1',
  '/api/me%00',
  '/api/me%2f',
  '/api/%2e%2e/me',
  '/metrics',
  '/debug',
  '/debug/pprof',
  '/.git/config',
  '/.git/HEAD',
  '/.env',
  '/.well-known/unknown',
  '/.parley/secrets.json',
  '/package.json',
  '/server.js.map',
  '/src/main.ts',
  '/docs/.git/config',
  '/docs/../../package.json',
  '/docs/js/%2e%2e/%2e%2e/package.json',
])('%s leads nowhere', async (target) => {
  expect(await codeOf(get(target))).toBe('not_found')
})

test.for([
  ['plainly', get('/api/me')],
  ['percent-encoded', get('/api/%6d%65')],
  ['by HTTP/1.0', get('/api/me', '', '1.0')],
  ['by HTTP/1.0 without a Host', 'GET /api/me HTTP/1.0\r\n\r\n'],
  ['by an absolute target', get('http://elsewhere/api/me')],
  ['with a query', get('/api/me?x')],
  ['with a fragment', get('/api/me#x')],
  ['by HEAD', get('/api/me').replace('GET', 'HEAD')],
  ['with an upgrade', get('/api/me', 'Connection: upgrade\r\nUpgrade: websocket\r\n')],
  ['with an expectation', get('/api/me', 'Expect: wonders\r\n')],
  ['with another version of the API', get('/api/me', 'Accept-Version: 9\r\n')],
  ['behind another URL', get('/api/me', 'X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\n')],
] as const)('a call without a token is refused however it is spelled: %s', async ([how, bytes]) => {
  const reply = await one(how === 'by HEAD' ? `${bytes}${get('/healthz')}` : bytes)
  expect(reply.status).toBe(401)
  expectHeaders(asReply(reply))
})

test('a method in a header or the query changes nothing', async () => {
  const override = 'X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\n'
  const reply = await one(get('/api/instance', override))
  expect(reply.status).toBe(200)
  expect(await codeOf(get('/api/instance?_method=DELETE'))).toBe('invalid_request')
})

test('IN-15: requests sent in one go are answered in their order', async () => {
  const both = get('/api/instance') + get('/api/nothing') + get('/healthz')
  const replies = await sendRaw(server.port, both, { replies: 3 })
  expect(replies.map(({ status }) => status)).toEqual([200, 404, 200])
})

test('IN-15: garbage behind a request is not answered before the request', async () => {
  const replies = await sendRaw(server.port, `${get('/readyz')}GARBAGE\r\n\r\n`)
  // Either the first reply, or none at all; never the refusal in its place.
  for (const reply of replies) expect(reply.status).toBe(200)
})

test('CONNECT opens no tunnel', async () => {
  expect(await sendRaw(server.port, 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n')).toEqual([])
})

test('the server lives after all this', async () => {
  expect((await one(get('/healthz'))).status).toBe(200)
})
