import type { S3mini } from 's3mini'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { ask } from './s3-requests.ts'
import { StorageUnavailable } from './storage.ts'

/** Bytes. What is smaller goes in one request; a store takes 10,000 parts at the most. */
export const partSize = 8 * 1024 * 1024

/**
 * Cuts a stream into parts, the last of which may be smaller and is empty only where all is. They share
 * one buffer: each is gone when the next is asked for.
 */
export async function* inParts(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ bytes: Uint8Array; isLast: boolean }> {
  const buffer = Buffer.allocUnsafeSlow(partSize)
  let used = 0
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      if (used === partSize) {
        yield { bytes: buffer, isLast: false }
        used = 0
      }
      const taken = Math.min(partSize - used, chunk.length - at)
      buffer.set(chunk.subarray(at, at + taken), used)
      used += taken
      at += taken
    }
  }
  yield { bytes: buffer.subarray(0, used), isLast: true }
}

const Done = Type.Object({ etag: Type.String({ minLength: 1 }) })

/** Begins an object of several parts; it is there once `complete` resolves. */
export async function beginUpload(s3: S3mini, name: string) {
  const id = await ask(() => s3.getMultipartUploadId(name))
  if (id === undefined) throw new StorageUnavailable('the store does not take uploads', '')
  const parts: { partNumber: number; etag: string }[] = []
  return {
    async add(bytes: Uint8Array): Promise<void> {
      const part = await ask(() => s3.uploadPart(name, id, bytes, parts.length + 1))
      if (!part?.etag) throw new StorageUnavailable('the store lost an upload', 'NoSuchUpload')
      parts.push(part)
    },
    async complete(): Promise<void> {
      const done = await ask(async () => {
        const answer: unknown = await s3.completeMultipartUpload(name, id, parts)
        // A store may begin with 200 and fail later; the client takes that for an answer.
        if (!Check(Done, answer)) throw new StorageUnavailable('the store kept no object', '')
        return answer
      })
      // Asked again, a store may not know the upload any more because it is complete.
      if (done === undefined && (await ask(() => s3.objectExists(name))) !== true)
        throw new StorageUnavailable('the store lost an upload', 'NoSuchUpload')
    },
    /** Best effort: what it leaves behind is ended by `tidy`. */
    abort: () => s3.abortMultipartUpload(name, id).catch(() => undefined),
  }
}

const Upload = Type.Object({
  Key: Type.String(),
  UploadId: Type.String(),
  Initiated: Type.String(),
})
const Uploads = Type.Object({
  ListMultipartUploadsResult: Type.Object({
    Upload: Type.Optional(Type.Union([Upload, Type.Array(Upload)])),
    IsTruncated: Type.Optional(Type.String()),
    NextKeyMarker: Type.Optional(Type.String()),
    NextUploadIdMarker: Type.Optional(Type.String()),
  }),
})

/** Uploads that were begun and neither completed nor aborted. */
export async function* openUploads(s3: S3mini, prefix: string) {
  let markers: Record<string, string> = {}
  for (;;) {
    const options = { ...(prefix && { prefix }), ...markers }
    const answer: unknown = await ask(() => s3.listMultipartUploads('/', '', 'GET', options))
    if (!Check(Uploads, answer))
      throw new StorageUnavailable('the store does not list its uploads', '')
    const { Upload: found = [], ...page } = answer.ListMultipartUploadsResult
    for (const { Key, UploadId, Initiated } of Array.isArray(found) ? found : [found])
      yield { name: Key, id: UploadId, begunAt: Date.parse(Initiated) }
    if (page.IsTruncated !== 'true' || !page.NextKeyMarker) return
    markers = {
      'key-marker': page.NextKeyMarker,
      'upload-id-marker': page.NextUploadIdMarker ?? '',
    }
  }
}
