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

/** Fetches with an end to every wait, no redirects, and digests by which the store checks what it got. */
async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { body, method, headers } = init
  const digest: Record<string, string> =
    body instanceof Uint8Array
      ? { 'content-md5': createHash('md5').update(body).digest('base64') }
      : {}
  const more = { ...init, redirect: 'error' as const, headers: { ...plain(headers), ...digest } }
  const { href, search } = new URL(input instanceof Request ? input.url : input)
  const isDownload = method === 'GET' && search === ''
  if (!isDownload) return fetch(href, { ...more, signal: AbortSignal.timeout(patience) })
  // Its body may take as long as its reader takes.
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), patience)
  try {
    return await fetch(href, { ...more, signal: late.signal })
  } finally {
    clearTimeout(timer)
  }
}

const plain = (headers: RequestInit['headers']): Record<string, string> =>
  Object.fromEntries(new Headers(headers))

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
