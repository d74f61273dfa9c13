import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { startS3Server } from '../testing/s3-server.ts'
import { s3Storage } from '../testing/s3-storage.ts'
import { until } from '../testing/until.ts'
import { partSize } from './s3-parts.ts'
import { type Storage, StorageFull, StorageUnavailable } from './storage.ts'

const server = await startS3Server()
afterAll(() => server.stop())
const storage = s3Storage(server)

const piece = randomBytes(64 * 1024)
async function* pieces(bytes: number, each?: (sent: number) => void | Promise<void>) {
  for (let sent = 0; sent < bytes; sent += piece.length) {
    await each?.(sent)
    yield piece
  }
}
const keysOf = async (place: Storage) => {
  const keys = []
  for await (const { key } of place.list()) keys.push(key)
  return keys.toSorted()
}

test('FI-03: however large an object is, few of its parts are in memory', async () => {
  const peakOf = async (megabytes: number): Promise<number> => {
    const key = randomUUID()
    let peak = 0
    const size = megabytes * 1024 * 1024
    const stored = await storage.put(
      key,
      pieces(size, () => void (peak = Math.max(peak, process.memoryUsage().rss))),
    )
    const hash = createHash('sha256')
    for (let sent = 0; sent < size; sent += piece.length) hash.update(piece)
    expect(stored).toEqual({ size, sha256: hash.digest() })
    await storage.remove(key)
    return peak / 1024 / 1024
  }
  // The first one fills what the process keeps for all.
  await peakOf(24)
  const small = await peakOf(24)
  expect((await peakOf(120)) - small).toBeLessThan(6 * 8)
}, 120_000)

test('FI-07: an object is there only when all of it is', async () => {
  const key = randomUUID()
  const seen = new Set<number>()
  await storage.put(
    key,
    pieces(3 * partSize, async (sent) => {
      if (sent % partSize === 0) seen.add((await keysOf(storage)).length)
    }),
  )
  expect(seen).toEqual(new Set([0]))
  expect(await keysOf(storage)).toEqual([key])
  await storage.remove(key)
})

test('FI-07: an upload is aborted when its source ends in the middle', async () => {
  let open = 0
  const broken = storage.put(
    randomUUID(),
    pieces(4 * partSize, async (sent) => {
      if (sent < 3 * partSize) return
      open = (await server.uploads()).length
      throw new Error('gone')
    }),
  )
  await expect(broken).rejects.toThrow('gone')
  expect(open).toBe(1)
  expect([await server.uploads(), await server.objects()]).toEqual([[], []])
})

test('FI-07: a store that dies in the middle leaves nothing that is served, and works again', async () => {
  onTestFinished(() => server.fill(false))
  const kept = randomUUID()
  await storage.put(kept, pieces(partSize))
  const put = storage.put(
    randomUUID(),
    pieces(4 * partSize, (sent) => (sent === 2 * partSize ? server.kill() : undefined)),
  )
  await expect(put).rejects.toThrow(StorageUnavailable)
  await expect(storage.read(kept)).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/)
  await server.again()
  expect(await keysOf(storage)).toEqual([kept])
  // What it left behind is ended when nobody can be at it any more.
  expect(await server.uploads()).toHaveLength(1)
  await storage.tidy(0)
  expect(await server.uploads()).toHaveLength(1)
  await s3Storage(server, { prefix: 'other/', longestUploadMs: 0 }).tidy(0)
  expect(await server.uploads()).toHaveLength(1)
  await s3Storage(server, { longestUploadMs: 0 }).tidy(0)
  expect(await server.uploads()).toEqual([])
  await storage.remove(kept)
})

test('a reader hears of it when the store dies in the middle of an object', async () => {
  const key = randomUUID()
  await storage.put(key, pieces(2 * partSize))
  const stream = await storage.read(key)
  stream?.once('readable', () => void server.kill())
  const read = stream && buffer(stream)
  await expect(read).rejects.toThrow('the store broke off')
  await server.again()
  await storage.remove(key)
})

test('an upload outlives a store that is away for a moment', async () => {
  const key = randomUUID()
  await storage.put(
    key,
    pieces(2 * partSize, async (sent) => {
      if (sent !== partSize) return
      await server.kill()
      await server.again()
    }),
  )
  expect(await keysOf(storage)).toEqual([key])
  await storage.remove(key)
})

test('FI-07: a full store says so, keeps nothing, and takes files again when it has room', async () => {
  onTestFinished(() => server.fill(false))
  await server.fill(true)
  for (const size of [1, 2 * partSize])
    await expect(storage.put(randomUUID(), pieces(size))).rejects.toThrow(StorageFull)
  await server.fill(false)
  expect([await server.uploads(), await server.objects()]).toEqual([[], []])
  const key = randomUUID()
  await storage.put(key, pieces(1))
  await storage.remove(key)
})

test('wrong keys are refused by name and quoted nowhere', async () => {
  const cases = [
    [{ secretKey: 'hunter2' }, 'the store answered 403 SignatureDoesNotMatch'],
    [{ accessKey: 'hunter2' }, 'the store answered 403 InvalidAccessKeyId'],
    [{ bucket: 'no-such-bucket' }, 'the bucket is not there'],
    [
      { endpoint: `http://127.0.0.1:${await freePort()}` },
      'the store cannot be reached (ECONNREFUSED)',
    ],
  ] as const
  for (const [more, message] of cases) {
    const error: unknown = await s3Storage(server, more)
      .reach()
      .catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(StorageUnavailable)
    expect(error).toMatchObject({ message })
    expect(JSON.stringify(error)).not.toMatch(/hunter2|StringToSign/)
  }
  await expect(s3Storage(server, { bucket: 'no-such-bucket' }).read(randomUUID())).rejects.toThrow(
    'NoSuchBucket',
  )
})

test('storages with other prefixes see and touch nothing of each other', async () => {
  const [one, two, inner] = ['one/', 'two/', 'one/inner/'].map((prefix) =>
    s3Storage(server, { prefix }),
  )
  const key = randomUUID()
  if (!one || !two || !inner) throw new Error('three storages')
  for (const place of [storage, one, two, inner]) await place.put(key, pieces(1))
  expect(await server.objects()).toEqual([key, `one/${key}`, `one/inner/${key}`, `two/${key}`])
  for (const place of [storage, one, two, inner]) expect(await keysOf(place)).toEqual([key])
  await one.remove(key)
  expect(await one.read(key)).toBeUndefined()
  for (const place of [storage, two, inner]) expect(await keysOf(place)).toEqual([key])
  for (const place of [storage, two, inner]) await place.remove(key)
})

test('a list goes on where a page of the store ends', async () => {
  const many = s3Storage(server, { prefix: 'many/' })
  const keys = Array.from({ length: 1005 }, () => randomUUID()).toSorted()
  const [first = '', ...others] = keys
  await many.put(first, pieces(1))
  await Promise.all(others.map((key) => writeFile(server.fileOf(`many/${key}`), 'x')))
  await server.age(`many/${first}`, 3_600_000)
  expect(await keysOf(many)).toEqual(keys)
  for await (const { key, size, writtenAt } of many.list()) {
    if (key !== first) continue
    expect(size).toBe(piece.length)
    expect(Math.abs(Date.now() - 3_600_000 - writtenAt)).toBeLessThan(30_000)
  }
})

test('two who store at the same time do not disturb each other', async () => {
  const place = s3Storage(server, { prefix: 'both/' })
  const keys = [randomUUID(), randomUUID(), randomUUID()]
  const stored = await Promise.all(keys.map((key) => place.put(key, pieces(partSize + 1))))
  expect(new Set(stored.map(({ sha256 }) => sha256.toString('hex'))).size).toBe(1)
  await until(async () => (await keysOf(place)).length === 3)
})

test('FI-07: a store that says 200 and then that it failed has stored nothing', async () => {
  const requests: string[] = []
  // As Amazon describes it for CompleteMultipartUpload.
  const failing = createServer((request, reply) => {
    const { method = '', url = '' } = request
    requests.push(`${method} ${url.replace(/^.*\?/, '').replace(/=.*$/, '')}`)
    request.resume().on('end', () => {
      reply.setHeader('etag', '"e"')
      reply.end(
        url.endsWith('?uploads=')
          ? '<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>'
          : '<Error><Code>InternalError</Code></Error>',
      )
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => failing.listen(port, '127.0.0.1', resolve))
  const put = s3Storage(server, { endpoint: `http://127.0.0.1:${port}` }).put(
    randomUUID(),
    pieces(partSize + 1),
  )
  await expect(put).rejects.toThrow('the store kept no object')
  expect(requests.at(-1)).toBe('DELETE uploadId')
  failing.closeAllConnections()
  failing.close()
})
