import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { freePort } from '@parley/core/testing/free-port'
import { runProgram } from '@parley/core/testing/program'
import { until } from '@parley/core/testing/until'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Person, startChatServer } from '../fixtures/chat-server.ts'
import { bearer } from '../fixtures/files.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const server = await startChatServer({ PARLEY_MAX_FILE_SIZE: '300 MiB' })
afterAll(() => server.stop())

const MiB = 1024 * 1024
const piece = Buffer.alloc(256 * 1024, 'x')

/** Uploads so many mebibytes of which nothing is kept here, in a form without a length. */
async function send(url: string, person: Person, size: number): Promise<number | undefined> {
  const call = request(`${url}/api/upload`, {
    method: 'POST',
    headers: { ...bearer(person), 'content-type': 'multipart/form-data; boundary=x' },
  })
  const answered = once(call, 'response')
  call.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')
  for (let sent = 0; sent < size * MiB; sent += piece.length)
    if (!call.write(piece)) await once(call, 'drain')
  call.end('\r\n--x--\r\n')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the event brings
  const [response] = (await answered) as [IncomingMessage]
  await text(response)
  return response.statusCode
}

/** How many bytes of a file come. */
async function get(url: string, person: Person, id: number): Promise<number> {
  const { headers } = await fetch(`${url}/api/files/${id}`, {
    headers: bearer(person),
    redirect: 'manual',
  })
  const call = request(new URL(headers.get('location') ?? '', url)).end()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the event brings
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const chunk of response) bytes += Buffer.isBuffer(chunk) ? chunk.length : 0
  return bytes
}

/** What memory a process has is only told by Linux. */
const isTold = existsSync('/proc/self/status')

test.skipIf(!isTold)(
  'FI-03: the memory of the server does not grow with what is uploaded or downloaded',
  async () => {
    const port = await freePort()
    const other = runProgram(main, [], {
      env: {
        PATH: process.env['PATH'],
        ...server.environment,
        PARLEY_CHAT_PORT: String(port),
        PARLEY_PUBLIC_URL: 'http://localhost:6688',
        PARLEY_MAX_FILE_SIZE: '300 MiB',
        PARLEY_LOG_LEVEL: 'error',
      },
    })
    onTestFinished(() => void other.child.kill('SIGKILL'))
    const url = `http://127.0.0.1:${port}`
    await until(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 20_000 })
    const used = (): number => {
      const status = readFileSync(`/proc/${other.child.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
    }
    const anna = await server.person()
    let most = 0
    const timer = setInterval(() => (most = Math.max(most, used())), 20)
    onTestFinished(() => clearInterval(timer))

    async function upAndDown(size: number): Promise<void> {
      expect(await send(url, anna, size)).toBe(201)
      const id = Number(await server.value('select max(id) from files'))
      expect(await get(url, anna, id)).toBe(size * MiB)
    }
    // The first bytes fill what the collector of garbage leaves until it is worth its while.
    await upAndDown(64)
    const before = most
    await upAndDown(128)
    await Promise.all(Array.from({ length: 3 }, () => send(url, anna, 32)))
    expect(most).toBeGreaterThan(0)
    expect(most - before).toBeLessThan(32)
  },
  120_000,
)
