import { readdir } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { join } from 'node:path'
import { until } from '@parley/core/testing/until'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'
import { bearer } from '../fixtures/files.ts'

const server = await startChatServer({ PARLEY_MAX_FILE_SIZE: '256 KiB' })
const anna = await server.person('anna')
afterAll(() => server.stop())

// What watches a body’s pace is an interval: its time passes as the tests say, that of all else as it does.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
const lines: Socket[] = []
afterEach(() => {
  for (const socket of lines.splice(0)) socket.destroy()
  vi.useRealTimers()
})
const windowPasses = () => vi.advanceTimersByTime(20_000)

const used = async () =>
  Number(await server.value(`select bytes from file_use where scope = 'user' and id = $1`, anna.id))
const rows = async () => Number(await server.value('select count(*) from files'))
const unfinished = () => readdir(join(server.dataDir, 'files', 'unfinished'))

interface Line {
  socket: Socket
  text(): string
}

/** Begins a request whose body has yet to come. */
function begin(method: string, path: string, headers: Record<string, string | number>): Line {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  socket.on('error', () => undefined)
  lines.push(socket)
  const written = Object.entries({ host: 'x', ...bearer(anna), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.write(`${method} ${path} HTTP/1.1\r\n${written.join('')}\r\n`)
  return { socket, text: () => text }
}

/** Writes one byte after the other, each on its way before the next. */
async function drip({ socket }: Line, bytes: number): Promise<void> {
  for (let n = 0; n < bytes; n++) {
    await new Promise((resolve) => socket.write('x', resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
const end = '\r\n--x--\r\n'
const type = { 'content-type': 'multipart/form-data; boundary=x' }
const form = (length: number) =>
  begin('POST', '/api/upload', {
    ...type,
    'content-length': part.length + length + end.length,
  })

test.for([
  ['in its first file', `${part}x`, 1],
  ['in its second file', `${part}whole\r\n${part}x`, 2],
  ['between its files', `${part}whole\r\n--x\r\nContent-`, 1],
] as const)(
  'FI-03: a form that drips %s is refused after its window, and leaves nothing',
  async ([, before, files]) => {
    const line = form(100_000)
    line.socket.write(before)
    await until(async () => (await rows()) === files, { what: 'rows' })
    await drip(line, 20)
    windowPasses()
    await until(() => line.text().includes('}'))
    expect(line.text()).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/)
    expect([await rows(), await used(), await unfinished()]).toEqual([0, 0, []])
  },
)

test('FI-03: chunks without an end are refused at the limit, and the connection ends', async () => {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const line = begin('POST', '/api/upload', { ...type, 'transfer-encoding': 'chunked' })
  const chunk = (bytes: string) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`
  const closed = new Promise((resolve) => line.socket.once('close', resolve))
  line.socket.write(chunk(part))
  const send = setInterval(() => line.socket.writable && line.socket.write(chunk(bytes)), 1)
  const bytes = 'x'.repeat(16_384)
  await until(() => line.text().includes('file_too_large'))
  expect(line.socket.destroyed).toBe(false)
  // As long as one who is refused may go on sending.
  vi.advanceTimersByTime(5_000)
  await closed
  clearInterval(send)
  expect([await rows(), await used(), await unfinished()]).toEqual([0, 0, []])
})

test('FI-03: a form that comes slowly but surely is taken', async () => {
  const line = form(15_001)
  line.socket.write(`${part}x`)
  await until(async () => (await unfinished()).length === 1)
  for (let sent = 0; sent < 15_000; sent += 5000) {
    await new Promise((resolve) => line.socket.write('x'.repeat(5000), resolve))
    // Whoever is answered now was read behind it.
    await fetch(`${server.url}/healthz`)
    expect(line.text()).toBe('')
    windowPasses()
  }
  line.socket.write(end)
  await until(() => line.text().includes('}'))
  expect(line.text()).toMatch(/^HTTP\/1\.1 201 [^]*"size":15001/)
  line.socket.destroy()
  await server.value('delete from files')
})

test('FI-03: a resumable upload that drips is refused, and goes on from what came', async () => {
  const version = { 'tus-resumable': '1.0.0' }
  const headers = { ...bearer(anna), ...version }
  const begun = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': '100' },
  })
  const path = begun.headers.get('location') ?? ''
  const add = { ...version, 'content-type': 'application/offset+octet-stream' }
  const line = begin('PATCH', path, { ...add, 'upload-offset': 0, 'content-length': 100 })
  const key = String(await server.value('select storage_key::text from files'))
  await drip(line, 20)
  await until(async () => ((await server.partials.size(key)) ?? 0) === 20)
  windowPasses()
  // Until its connection ends nobody else writes: it may read its refusal then.
  line.socket.end()
  await until(() => line.socket.destroyed)
  const told = await fetch(server.url + path, { method: 'HEAD', headers })
  expect(told.headers.get('upload-offset')).toBe('20')
  const rest = await fetch(server.url + path, {
    method: 'PATCH',
    headers: { ...headers, ...add, 'upload-offset': '20' },
    body: 'x'.repeat(80),
  })
  expect(rest.headers.get('parley-file-id')).toBe(path.split('/').at(-1))
})
