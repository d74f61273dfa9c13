import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { S3ServiceError, S3mini } from 's3mini'
import { errorCode } from '../start-error.ts'
import { StorageFull, StorageUnavailable } from './storage.ts'

export interface S3Place {
  /** Scheme, host and port. */
  endpoint: string
  region: string
  bucket: string
  accessKey: string
  secretKey: string
}

/** How long the store may do nothing, in milliseconds: before it answers, and between two pieces of an answer. */
export const patience = 30_000
const attempts = 3

const isFullCode =
  /^(?:QuotaExceeded|InsufficientStorage|StorageFull|XMinioStorageFull|XMinioAdminBucketQuotaExceeded)$/

/** Some stores name the reason in a content type of their own: then it is only in the body. */
const reasonOf = ({ serviceCode, body = '' }: S3ServiceError): string =>
  serviceCode !== undefined && serviceCode !== 'Unknown'
    ? serviceCode
    : (/<Code>(\w{1,64})<\/Code>/.exec(body)?.[1] ?? '')

/** The object is not there. A bucket that is not there is another matter: then nothing is known. */
const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceError && error.status === 404 && reasonOf(error) !== 'NoSuchBucket'

/**
 * Whether the same again may go well. A wrong signature is among them: at midnight UTC the client signs
 * some requests with the key of the day before.
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof S3ServiceError)) return true
  const reason = reasonOf(error)
  if (isFullCode.test(reason) || error.status === 507) return false
  return (
    error.status >= 500 ||
    error.status === 429 ||
    error.status === 408 ||
    reason === 'RequestTimeout' ||
    reason === 'SignatureDoesNotMatch'
  )
}

/** An error in our words. The store's own may quote what was signed, so it is not passed on. */
function failureOf(error: unknown): Error {
  if (error instanceof StorageUnavailable) return error
  if (error instanceof S3ServiceError) {
    const reason = reasonOf(error)
    if (error.status === 507 || isFullCode.test(reason)) return new StorageFull('the store is full')
    return new StorageUnavailable(`the store answered ${error.status} ${reason}`.trim(), reason)
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = errorCode(error) || errorCode(cause)
  return new StorageUnavailable(`the store cannot be reached (${code || 'no answer'})`, code, {
    cause: error,
  })
}

/**
 * Sends a request, again where that may help, at most three times. Undefined where the object is not
 * there. Throws `StorageFull` or `StorageUnavailable`.
 */
export async function ask<T>(request: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      if (isMissing(error)) return undefined
      if (attempt === attempts || !isPassing(error)) throw failureOf(error)
      await pause(200 * 4 ** (attempt - 1))
    }
  }
}

/** In slices, since of a whole buffer `fetch` would make a copy. */
function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** Bytes with their length, and a digest by which the store checks what it got. */
function sealed(headers: Record<string, string>, bytes: Uint8Array): RequestInit {
  const seal = {
    'content-length': String(bytes.length),
    'content-md5': createHash('md5').update(bytes).digest('base64'),
  }
  return {
    headers: { ...headers, ...seal },
    body: bytes.length === 0 ? null : ReadableStream.from(slices(bytes)),
    duplex: 'half',
  }
}

/** Fetches with an end to every wait, and without redirects. */
async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { body, method } = init
  const { href, search } = new URL(input instanceof Request ? input.url : input)
  // Bytes come as they are, or their length would not be what is announced.
  const headers = {
    ...Object.fromEntries(new Headers(init.headers)),
    'accept-encoding': 'identity',
  }
  const request = {
    ...init,
    headers,
    redirect: 'error' as const,
    ...(body instanceof Uint8Array && sealed(headers, body)),
  }
  const isDownload = method === 'GET' && search === ''
  if (!isDownload) return fetch(href, { ...request, signal: AbortSignal.timeout(patience) })
  // Its body may take as long as its reader takes.
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), patience)
  try {
    return await fetch(href, { ...request, signal: late.signal })
  } finally {
    clearTimeout(timer)
  }
}

/** The client of one bucket: by its name before the host where the endpoint has it there, else behind it. */
export function s3Client({ endpoint, region, bucket, accessKey, secretKey }: S3Place): S3mini {
  const { hostname } = new URL(endpoint)
  return new S3mini({
    endpoint: hostname.startsWith(`${bucket}.`) ? endpoint : `${endpoint}/${bucket}`,
    region,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    fetch: send,
  })
}
