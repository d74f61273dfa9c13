import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { sendMessage } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, startChatServer } from '../../fixtures/chat-server.ts'
import { bearer, refusalOf } from '../../fixtures/files.ts'

let server: TestServer
let anna: Person
let bob: Person
beforeAll(async () => {
  server = await startChatServer({
    PARLEY_MAX_FILE_SIZE: '1 MiB',
    PARLEY_USER_QUOTA: '2 MiB',
    PARLEY_ALLOWED_ORIGINS: 'https://pages.example.org',
  })
  anna = await server.person('anna')
  bob = await server.person('bob')
})
afterAll(() => server.stop())

const tus = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array<ArrayBuffer>,
  { by = anna, url = server.url } = {},
) =>
  fetch(url + path, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...bearer(by), ...headers },
    ...(body === undefined ? {} : { body }),
  })

const base64 = (text: string) => Buffer.from(text).toString('base64')

async function begin(length: number, name = 'a.bin', by = anna): Promise<string> {
  const headers = {
    'upload-length': String(length),
    'upload-metadata': `filename ${base64(name)},filetype ${base64('text/html')}`,
  }
  const response = await tus('POST', '/api/uploads', headers, undefined, { by })
  expect(response.status).toBe(201)
  expect(Date.parse(response.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now())
  return response.headers.get('location') ?? ''
}

const patch = (path: string, offset: number, bytes: Buffer, options = {}) =>
  tus(
    'PATCH',
    path,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    new Uint8Array(bytes),
    options,
  )

const offsetOf = async (path: string, options = {}): Promise<string | null> =>
  (await tus('HEAD', path, {}, undefined, options)).headers.get('upload-offset')

const idIn = (path: string): number => Number(path.split('/').at(-1))
const parts = () => readdir(join(server.dataDir, 'files', 'uploads'))

test('an upload goes on where it broke off, on another server too, and becomes a file', async () => {
  const bytes = randomBytes(300_000)
  const path = await begin(bytes.length, 'größe.bin')
  const first = await patch(path, 0, bytes.subarray(0, 100_000))
  expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '100000'])
  expect(first.headers.get('parley-file-id')).toBeNull()

  const { url } = await server.again()
  expect(await offsetOf(path, { url })).toBe('100000')
  const last = await patch(path, 100_000, bytes.subarray(100_000), { url })
  expect([last.status, last.headers.get('parley-file-id')]).toEqual([204, String(idIn(path))])
  // Whoever missed that answer asks again.
  const head = await tus('HEAD', path)
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'cache-control': 'no-store',
    'parley-file-id': String(idIn(path)),
    'tus-resumable': '1.0.0',
    'upload-length': '300000',
    'upload-metadata': `filename ${base64('größe.bin')},filetype ${base64('text/html')}`,
    'upload-offset': '300000',
  })

  const { general } = await server.workspace(anna)
  const { files } = await anna.call(sendMessage, {
    params: { id: general },
    body: { content: '', files: [idIn(path)] },
  })
  expect(files).toMatchObject([
    { name: 'größe.bin', mime: 'application/octet-stream', size: 300_000 },
  ])
  const key = await server.value('select storage_key::text from files where id = $1', idIn(path))
  const stream = await server.storage.read(String(key))
  expect(stream && (await buffer(stream))).toEqual(bytes)
  const digest = await server.value(
    `select encode(sha256, 'hex') from files where id = $1`,
    idIn(path),
  )
  expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(await parts()).toEqual([])
})

test('nobody else sees, adds to or ends an upload, nor sends what is not whole', async () => {
  const path = await begin(10)
  for (const method of ['HEAD', 'DELETE'])
    expect((await tus(method, path, {}, undefined, { by: bob })).status).toBe(404)
  expect(await refusalOf(await patch(path, 0, randomBytes(10), { by: bob }))).toBe('404 not_found')
  expect(await refusalOf(await patch('/api/uploads/999', 0, randomBytes(10)))).toBe('404 not_found')
  const { general } = await server.workspace(anna)
  const message = { params: { id: general }, body: { content: '', files: [idIn(path)] } }
  expect(await anna.outcome(sendMessage, message)).toBe('422 unknown_file')
  expect((await tus('DELETE', path)).status).toBe(204)
  expect((await tus('HEAD', path)).status).toBe(404)
  expect(await parts()).toEqual([])
})

test('what is wrong is refused with its reason, and changes nothing', async () => {
  const path = await begin(10)
  const refused = async (response: Promise<Response>) => refusalOf(await response)
  expect(await refused(patch(path, 5, randomBytes(5)))).toBe('409 wrong_offset')
  expect(await refused(patch(path, 0, randomBytes(11)))).toBe('400 malformed_upload')
  await until(async () => (await offsetOf(path)) === '0')
  const create = (headers: Record<string, string>) => tus('POST', '/api/uploads', headers)
  expect(await refused(create({}))).toBe('400 malformed_upload')
  expect(await refused(create({ 'upload-length': '-1' }))).toBe('400 malformed_upload')
  expect(await refused(create({ 'upload-length': '1048577' }))).toBe('413 file_too_large')
  expect(await refused(create({ 'upload-length': '1', 'upload-metadata': 'a b c' }))).toBe(
    '400 malformed_upload',
  )
  expect(await refused(tus('POST', '/api/uploads', { 'tus-resumable': '0.2' }))).toBe(
    '412 unsupported_version',
  )
  const typed = { 'upload-offset': '0', 'content-type': 'text/plain' }
  expect(await refused(tus('PATCH', path, typed, 'x'))).toBe('415 unsupported_media_type')
  const nobody = await fetch(`${server.url}/api/uploads`, { method: 'POST' })
  expect(await refusalOf(nobody)).toBe('401 not_signed_in')
  await tus('DELETE', path)
})

test('it says what it can without being asked by anybody in particular', async () => {
  const response = await fetch(`${server.url}/api/uploads`, { method: 'OPTIONS' })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'tus-version': '1.0.0',
    'tus-extension': 'creation,termination,expiration',
    'tus-max-size': '1048576',
  })
})

test.each(['http://localhost:6688', 'https://pages.example.org'])(
  'pages of %s may ask and read what goes by headers',
  async (origin) => {
    const asked =
      'authorization,content-type,tus-resumable,upload-length,upload-metadata,upload-offset'
    for (const method of ['POST', 'HEAD', 'PATCH', 'DELETE']) {
      const preflight = await fetch(`${server.url}/api/uploads/1`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': asked,
        },
      })
      const { headers } = preflight
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-allow-methods')?.split(', ')).toContain(method)
      expect(headers.get('access-control-allow-headers')?.split(', ')).toEqual(
        expect.arrayContaining(asked.split(',')),
      )
    }
    const answer = await tus('HEAD', '/api/uploads/1', { origin })
    expect(answer.headers.get('access-control-expose-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['location', 'parley-file-id', 'retry-after', 'upload-offset']),
    )
  },
)

test('pages of other origins are told nothing', async () => {
  const answer = await tus('HEAD', '/api/uploads/1', { origin: 'https://evil.example.org' })
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  expect(answer.headers.get('access-control-expose-headers')).toBeNull()
})

test('FI-06: room for all of an upload is reserved when it begins, and free when it ends', async () => {
  const paths = [await begin(1_000_000, 'a', bob), await begin(1_000_000, 'b', bob)]
  const third = await tus('POST', '/api/uploads', { 'upload-length': '500000' }, undefined, {
    by: bob,
  })
  expect(await refusalOf(third)).toBe('413 quota_exceeded')
  for (const path of paths) await tus('DELETE', path, {}, undefined, { by: bob })
  await begin(1_000_000, 'c', bob)
})

test('an empty file is whole from the start', async () => {
  const response = await tus('POST', '/api/uploads', { 'upload-length': '0' })
  expect(response.status).toBe(201)
  expect(response.headers.get('parley-file-id')).toMatch(/^\d+$/)
})

test('an upload that was left alone for a day is not there any more', async () => {
  const path = await begin(10)
  await server.value(
    `update file_uploads set created_at = now() - interval '25 hours' where file_id = $1`,
    idIn(path),
  )
  expect((await tus('HEAD', path)).status).toBe(404)
})

test('what came before the connection broke stays, and who comes back takes over', async () => {
  const bytes = randomBytes(200_000)
  const path = await begin(bytes.length)
  const { port, host } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined)
  socket.write(
    [
      `PATCH ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${bearer(anna).authorization}`,
      'Tus-Resumable: 1.0.0',
      'Upload-Offset: 0',
      'Content-Type: application/offset+octet-stream',
      `Content-Length: ${bytes.length}`,
      '',
      '',
    ].join('\r\n'),
  )
  socket.write(bytes.subarray(0, 120_000))
  const key = String(
    await server.value('select storage_key::text from files where id = $1', idIn(path)),
  )
  await until(async () => (await server.partials.size(key)) === 120_000)
  // The old connection still stands: asking again ends it.
  expect(await offsetOf(path)).toBe('120000')
  await ended
  const rest = await patch(path, 120_000, bytes.subarray(120_000))
  expect(rest.headers.get('parley-file-id')).toBe(String(idIn(path)))
  const stream = await server.storage.read(key)
  expect(stream && (await buffer(stream))).toEqual(bytes)
})
