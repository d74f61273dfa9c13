import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type FileHandle, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ByteRange } from '@parley/core/storage/storage'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pour } from './pour.ts'

const bytes = randomBytes(3_000_001)
const digest = (part: Uint8Array): string => createHash('sha256').update(part).digest('hex')

let path: string
let opened: FileHandle[] = []
const server = createServer((request, response) => {
  const [, start, end] = (request.url ?? '').split('/').map(Number)
  const range: ByteRange = { start: start ?? 0, end: end ?? 0 }
  response.setHeader('content-length', range.end - range.start + 1)
  const answer = async (): Promise<void> => {
    const file = await open(path)
    opened.push(file)
    await pipeline(pour(file, range, response), response)
  }
  answer().catch(() => response.destroy())
})
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'parley-pour-')), 'file')
  await writeFile(path, bytes)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await rm(join(path, '..'), { recursive: true })
})

const reach = () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo
  return connect(port, '127.0.0.1')
}
const line = ({ start, end }: ByteRange): string =>
  `GET /${start}/${end} HTTP/1.1\r\nHost: x\r\n\r\n`
const areClosed = () => opened.every(({ fd }) => fd === -1)

/** The bodies of answers that were all asked for at once, by a reader who stops again and again. */
async function read(ranges: readonly ByteRange[], pauseEvery: number): Promise<Buffer[]> {
  const socket = reach()
  socket.write(ranges.map(line).join(''))
  const parts: Buffer[] = []
  let length = 0
  const whole = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0)
  let sincePause = 0
  for await (const part of socket) {
    if (!Buffer.isBuffer(part)) continue
    parts.push(part)
    length += part.length
    sincePause += part.length
    if (sincePause > pauseEvery) await new Promise((resolve) => setImmediate(resolve))
    if (sincePause > pauseEvery) sincePause = 0
    if (length > whole) break
  }
  let all = Buffer.concat(parts)
  return ranges.map(({ start, end }) => {
    const from = all.indexOf('\r\n\r\n') + 4
    const body = all.subarray(from, from + end - start + 1)
    all = all.subarray(from + body.length)
    return body
  })
}

test('FI-02: each answer has its own bytes, however slowly it is read and however many wait', async () => {
  opened = []
  const ranges: ByteRange[] = [
    { start: 0, end: bytes.length - 1 },
    { start: 0, end: 0 },
    { start: 262_143, end: 262_144 },
    { start: 100, end: 600_000 },
    { start: 2_999_999, end: 3_000_000 },
    { start: 1, end: 2_000_000 },
  ]
  for (const pauseEvery of [1, 70_000, Infinity]) {
    const bodies = await read(ranges, pauseEvery)
    expect(bodies.map(digest)).toEqual(
      ranges.map(({ start, end }) => digest(bytes.subarray(start, end + 1))),
    )
  }
  await until(areClosed)
})

test('nothing of a file is open once its reader is gone', async () => {
  opened = []
  for (const after of [0, 1, 500_000]) {
    const socket = reach()
    socket.write(line({ start: 0, end: bytes.length - 1 }))
    let length = 0
    for await (const part of socket) {
      length += Buffer.isBuffer(part) ? part.length : 0
      if (length > after) break
    }
  }
  await until(() => opened.length === 3 && areClosed())
})

test('a file that became shorter ends the connection, and nothing stands in for the rest', async () => {
  opened = []
  await truncate(path, 1_000_000)
  const socket = reach()
  socket.write(line({ start: 0, end: bytes.length - 1 }))
  let length = 0
  socket.on('data', (part: Buffer) => (length += part.length))
  await once(socket, 'close')
  expect(length).toBeLessThan(1_000_500)
  await until(areClosed)
})
