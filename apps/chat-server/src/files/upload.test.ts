import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { join } from 'node:path'
import { until } from '@parley/core/testing/until'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, startChatServer } from '../fixtures/chat-server.ts'
import { bearer, formOf, post, refusalOf, uploaded } from '../fixtures/files.ts'

const limit = 256 * 1024

let server: TestServer
let anna: Person
let bob: Person
beforeAll(async () => {
  server = await startChatServer({ PARLEY_MAX_FILE_SIZE: '256 KiB', PARLEY_USER_QUOTA: '2 MiB' })
  anna = await server.person('anna')
  bob = await server.person('bob')
})
afterAll(() => server.stop())

const rows = async () => Number(await server.value('select count(*) from files'))
const unfinished = () => readdir(join(server.dataDir, 'files', 'unfinished'))
const used = async ({ id }: Person) =>
  Number(await server.value(`select bytes from file_use where scope = 'user' and id = $1`, id))

/** Nothing of an upload is left: no row, no bytes, nothing reserved. */
async function expectNothingLeft(before: number, person = anna, bytes = 0): Promise<void> {
  await until(
    async () =>
      (await rows()) === before &&
      (await unfinished()).length === 0 &&
      (await used(person)) === bytes,
  )
}

const boundary = 'x'
const part = (
  bytes: string,
  headers = 'Content-Disposition: form-data; name="file"; filename="a"',
) => `--${boundary}\r\n${headers}\r\n\r\n${bytes}\r\n`
const end = `--${boundary}--\r\n`

/** The head of a request as it is written, for what no client would send. */
const head = (lines: string[], person = anna) =>
  [
    'POST /api/upload HTTP/1.1',
    'Host: x',
    `Authorization: ${bearer(person).authorization}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    ...lines,
    '',
    '',
  ].join('\r\n')

function open(): { socket: Socket; text: () => string } {
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  socket.on('error', () => undefined)
  return { socket, text: () => text }
}

/** Sends a request with a body of this length and no more; what is answered. */
async function raw(body: string, lines = [`Content-Length: ${Buffer.byteLength(body)}`]) {
  const { socket, text } = open()
  socket.write(head(lines) + body)
  await until(() => socket.destroyed || text().includes('}'))
  socket.destroy()
  return text()
}

test('several files come in one form and are stored with what they are', async () => {
  const bytes = randomBytes(100_000)
  const response = await post(
    server.url,
    anna,
    formOf(['a.bin', new Uint8Array(bytes)], ['b.txt', 'plain'], ['empty', '']),
  )
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({
    files: [
      { name: 'a.bin', mime: 'application/octet-stream', size: 100_000 },
      { name: 'b.txt', mime: 'text/plain', size: 5 },
      { name: 'empty', mime: 'application/octet-stream', size: 0 },
    ],
  })
  const digest = await server.value(`select encode(sha256, 'hex') from files where name = 'a.bin'`)
  expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(await used(anna)).toBe(100_005)
  await server.value('delete from files')
})

test('FI-01: whatever a file is called, its bytes lie where nobody’s words lead', async () => {
  for (const name of ['../../x', '/etc/x', 'C:\\x', 'con', 'x'.repeat(4000), '\u202egnp.exe']) {
    const file = await uploaded(server.url, bob, name, 'x')
    expect(Buffer.byteLength(file.name)).toBeLessThanOrEqual(255)
    const key = String(
      await server.value('select storage_key::text from files where id = $1', file.id),
    )
    expect(
      await readdir(join(server.dataDir, 'files', key.slice(0, 2), key.slice(2, 4))),
    ).toContain(key)
  }
  expect((await readdir(server.dataDir)).toSorted()).toEqual(['files', 'secrets.json'])
  await server.value('delete from files')
})

test('FI-03: one byte more than a file may have is too much, however long it is said to be', async () => {
  const most = await uploaded(server.url, anna, 'most', 'x'.repeat(limit))
  expect(most.size).toBe(limit)
  await server.value('delete from files')
  const honest = await post(server.url, anna, formOf(['more', 'x'.repeat(limit + 1)]))
  expect(await honest.json()).toMatchObject({ status: 413, code: 'file_too_large', limit })
  // What comes after the length is the next request, and none: the connection ends.
  const lying = await raw(part('x'.repeat(limit + 1)) + end, [`Content-Length: ${limit}`])
  expect(lying).not.toContain('HTTP/1.1 2')
  const huge = await raw('', ['Content-Length: 99999999999'])
  expect(huge).toMatch(/^HTTP\/1\.1 413 [^]*"file_too_large"/)
  await expectNothingLeft(0)
})

test('FI-03: a thousand parts, ten thousand fields, and other forms are refused', async () => {
  const field = 'Content-Disposition: form-data; name="x"'
  const cases: [string, string, string][] = [
    ['a thousand parts', part('x').repeat(1000) + end, '413 too_many_files'],
    ['eleven files', part('x').repeat(11) + end, '413 too_many_files'],
    ['ten thousand fields', part('x', field).repeat(10_000) + end, '413 too_many_files'],
    ['a part of another name', part('x', `${field}; filename="a"`) + end, '400 malformed_upload'],
    ['no part', end, '400 malformed_upload'],
    ['nothing', '', '400 malformed_upload'],
    ['no end', part('x'), '400 malformed_upload'],
    ['no headers', `--${boundary}\r\n\r\nx\r\n${end}`, '400 malformed_upload'],
    ['something else', 'x'.repeat(1000), '400 malformed_upload'],
    [
      'a name of a prototype',
      part('x', 'Content-Disposition: form-data; name="__proto__"; filename="a"') + end,
      '400 malformed_upload',
    ],
  ]
  for (const [name, body, code] of cases) {
    const response = await fetch(`${server.url}/api/upload`, {
      method: 'POST',
      headers: { ...bearer(anna), 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
    })
    expect([name, await refusalOf(response)]).toEqual([name, code])
  }
  await expectNothingLeft(0)
})

test('FI-03: an upload that breaks off anywhere leaves nothing', async () => {
  const body = part('x'.repeat(50_000)) + part('y'.repeat(50_000)) + end
  const anywhere = fc.sample(fc.nat(body.length - 1), 40)
  for (const at of [0, 10, 90, 100, 40_000, 50_080, 50_200, 90_000, body.length - 3, ...anywhere]) {
    const { socket } = open()
    const sent = new Promise((resolve) => {
      socket.write(head([`Content-Length: ${body.length}`]) + body.slice(0, at), resolve)
    })
    await sent
    // Whoever is answered now was read behind it.
    await fetch(`${server.url}/healthz`)
    socket.destroy()
  }
  await expectNothingLeft(0)
})

test('who is not signed in uploads nothing', async () => {
  const response = await fetch(`${server.url}/api/upload`, {
    method: 'POST',
    body: formOf(['a', 'x']),
  })
  expect(await refusalOf(response)).toBe('401 not_signed_in')
})

test('FI-06: uploads at the same time never take more than there is room for', async () => {
  const size = 200 * 1024
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      post(server.url, anna, formOf(['a', 'x'.repeat(size)])).then(async (response) =>
        response.ok ? 'stored' : refusalOf(response),
      ),
    ),
  )
  const stored = answers.filter((answer) => answer === 'stored').length
  expect(stored).toBeGreaterThan(0)
  expect(stored * size).toBeLessThanOrEqual(2 * 1024 * 1024)
  expect(new Set(answers)).toEqual(new Set(['stored', '413 quota_exceeded']))
  await expectNothingLeft(stored, anna, stored * size)
  while ((await used(anna)) + size <= 2 * 1024 * 1024)
    await uploaded(server.url, anna, 'a', 'x'.repeat(size))
  expect((await uploaded(server.url, bob, 'b', 'x')).size).toBe(1)
  await server.value('delete from files')
})

test('FI-07: the same bytes of two people are two files that tell nothing of each other', async () => {
  const [one, two] = [
    await uploaded(server.url, anna, 'a', 'same'),
    await uploaded(server.url, bob, 'a', 'same'),
  ]
  const keys = await server.value(
    'select count(distinct storage_key) from files where id in ($1, $2)',
    one.id,
    two.id,
  )
  expect(keys).toBe(2)
  expect({ ...one, id: 0, url: '' }).toEqual({ ...two, id: 0, url: '' })
})
