import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { freePort } from '@parley/core/testing/free-port'
import { runProgram } from '@parley/core/testing/program'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startChatServer } from '../../fixtures/chat-server.ts'
import { bearer } from '../../fixtures/files.ts'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const server = await startChatServer()
afterAll(() => server.stop())

test('FI-07: an upload survives that its server is killed, and is never longer than what came', async () => {
  const anna = await server.person()
  const port = await freePort()
  const other = runProgram(main, [], {
    env: {
      PATH: process.env['PATH'],
      ...server.environment,
      PARLEY_CHAT_PORT: String(port),
      PARLEY_PUBLIC_URL: 'http://localhost:6688',
      PARLEY_LOG_LEVEL: 'error',
    },
  })
  onTestFinished(() => void other.child.kill('SIGKILL'))
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, {
    timeoutMs: 20_000,
  })

  const bytes = randomBytes(2_000_000)
  const headers = { ...bearer(anna), 'tus-resumable': '1.0.0' }
  const begun = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(bytes.length) },
  })
  const path = begun.headers.get('location') ?? ''
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `PATCH ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.authorization}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  )
  socket.write(bytes.subarray(0, 1_500_000))
  const id = Number(path.split('/').at(-1))
  const key = String(await server.value('select storage_key::text from files where id = $1', id))
  await until(async () => ((await server.partials.size(key)) ?? 0) > 500_000)
  other.child.kill('SIGKILL')
  await other.ended

  const head = await fetch(server.url + path, { method: 'HEAD', headers })
  const offset = Number(head.headers.get('upload-offset'))
  expect(offset).toBeGreaterThan(500_000)
  expect(offset).toBeLessThanOrEqual(1_500_000)
  const rest = await fetch(server.url + path, {
    method: 'PATCH',
    headers: {
      ...headers,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(bytes.subarray(offset)),
  })
  expect(rest.headers.get('parley-file-id')).toBe(String(id))
  expect(await server.value(`select encode(sha256, 'hex') from files where id = $1`, id)).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  )
})
