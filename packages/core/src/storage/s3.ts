import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web'
import type { S3mini } from 's3mini'
import { beginUpload, inParts, openUploads } from './s3-parts.ts'
import { type S3Place, ask, patience, s3Client } from './s3-requests.ts'
import { type ByteRange, type Storage, StorageUnavailable, isKey } from './storage.ts'

export interface S3Options extends S3Place {
  /** What the names of all objects begin with: empty, or ending with a slash. */
  prefix: string
  /** `tidy` ends no upload that is younger, in milliseconds: nobody knows whether it still goes on. */
  longestUploadMs?: number
}

export interface S3Storage extends Storage {
  /** Throws `StorageUnavailable` where the bucket cannot be listed with these keys. */
  reach(): Promise<void>
}

const aDay = 24 * 3_600_000

async function cancel(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    await reader.cancel()
  } catch {
    // What the connection says of its end is of no interest any more.
  }
}

/** The bytes of an answer, which end with an error where nothing comes for a while. */
function readable(body: ReadableStream<Uint8Array>): Readable {
  const reader = body.getReader()
  const broken = (cause?: unknown) =>
    new StorageUnavailable('the store broke off in the middle of an object', '', { cause })
  return new Readable({
    async read() {
      const timer = setTimeout(() => this.destroy(broken()), patience)
      try {
        const { done, value } = await reader.read()
        this.push(done ? null : value)
      } catch (error) {
        this.destroy(broken(error))
      } finally {
        clearTimeout(timer)
      }
    },
    destroy(error, done) {
      void cancel(reader)
      done(error)
    },
  })
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  took: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    took(chunk)
    yield chunk
  }
}

/** Stores all or nothing. */
async function store(s3: S3mini, name: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  let upload: Awaited<ReturnType<typeof beginUpload>> | undefined
  try {
    for await (const { bytes, isLast } of inParts(source)) {
      if (isLast && upload === undefined) {
        await ask(() => s3.putObject(name, bytes))
        return
      }
      upload ??= await beginUpload(s3, name)
      await upload.add(bytes)
    }
    await upload?.complete()
  } catch (error) {
    await upload?.abort()
    throw error
  }
}

/** Undefined where there is no such object. Throws where a store does not give what was asked for. */
async function get(s3: S3mini, name: string, range?: ByteRange): Promise<Response | undefined> {
  if (range === undefined) return ask(() => s3.getObjectRaw(name))
  const response = await ask(() => s3.getObjectRaw(name, false, range.start, range.end + 1))
  const length = String(range.end - range.start + 1)
  if (response === undefined || response.headers.get('content-length') === length) return response
  await response.body?.cancel()
  throw new StorageUnavailable('the store gives another part of an object', '')
}

/**
 * Objects in a bucket of any store that speaks S3. An object is there when all of it is: small ones go in
 * one request, others in parts of 8 MiB of which one at a time is kept in memory.
 */
export function createS3Storage(options: S3Options): S3Storage {
  const { prefix, longestUploadMs = aDay } = options
  const s3 = s3Client(options)
  const nameOf = (key: string): string => {
    if (!isKey(key)) throw new Error('this is no key of the storage')
    return prefix + key
  }

  async function page(token?: string, most = 1000) {
    const found = await ask(() => s3.listObjectsPaged('/', prefix, most, token))
    if (!found?.objects) throw new StorageUnavailable('the bucket is not there', 'NoSuchBucket')
    return { objects: found.objects, next: found.nextContinuationToken }
  }

  async function* list() {
    let token: string | undefined
    do {
      const { objects, next } = await page(token)
      for (const { Key, Size, LastModified } of objects) {
        const key = Key.slice(prefix.length)
        if (isKey(key)) yield { key, size: Size, writtenAt: LastModified.getTime() }
      }
      token = next
    } while (token !== undefined)
  }

  return {
    async put(key, source) {
      const hash = createHash('sha256')
      let size = 0
      const took = (chunk: Uint8Array): void => {
        hash.update(chunk)
        size += chunk.length
      }
      await store(s3, nameOf(key), hashed(source, took))
      return { size, sha256: hash.digest() }
    },

    async read(key, range) {
      const response = await get(s3, nameOf(key), range)
      if (response === undefined) return undefined
      const body: ReadableStream<Uint8Array> | null = response.body
      return body ? readable(body) : Readable.from([])
    },

    async remove(key) {
      const name = nameOf(key)
      await ask(() => s3.deleteObject(name))
    },

    list,

    async tidy(olderThanMs) {
      const before = Date.now() - Math.max(olderThanMs, longestUploadMs)
      for await (const { name, id, begunAt } of openUploads(s3, prefix))
        if (name.startsWith(prefix) && isKey(name.slice(prefix.length)) && begunAt < before)
          await ask(() => s3.abortMultipartUpload(name, id))
    },

    async reach() {
      await page(undefined, 1)
    },
  }
}
