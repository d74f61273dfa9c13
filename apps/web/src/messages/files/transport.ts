import type { File } from '@parley/contract'
import { NetworkError, ParleyError } from '@parley/sdk'
import { client } from '../../app/client.ts'

export interface Sending {
  signal: AbortSignal
  /** Told how many bytes are on their way or there. */
  onProgress(sent: number): void
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const isProblem = (value: unknown): value is ConstructorParameters<typeof ParleyError>[0] =>
  typeof value === 'object' && value !== null && 'code' in value && 'status' in value

const isAnswer = (value: unknown): value is { files: [File] } =>
  typeof value === 'object' &&
  value !== null &&
  'files' in value &&
  Array.isArray(value.files) &&
  value.files.length === 1

/** One request; `fetch` tells nothing of what was sent. */
const post = (
  form: FormData,
  token: string | undefined,
  { signal, onProgress }: Sending,
): Promise<File> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop)
      settle()
    }
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () =>
      end(() => {
        const body = parsed(request.responseText)
        if (request.status === 201 && isAnswer(body)) return resolve(body.files[0])
        if (isProblem(body)) return reject(new ParleyError(body))
        reject(new NetworkError('The answer is not from Parley.', { status: request.status }))
      }),
    )
    request.addEventListener('error', () =>
      end(() => reject(new NetworkError('The server could not be reached.'))),
    )
    request.addEventListener('abort', () => end(() => reject(new DOMException('', 'AbortError'))))
    request.open('POST', '/api/upload')
    request.setRequestHeader('accept', 'application/json, application/problem+json')
    if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`)
    signal.addEventListener('abort', stop)
    request.send(form)
  })

/**
 * Brings one file to the server. Throws ParleyError or NetworkError, or an AbortError when the signal
 * ends it: no further byte goes out then.
 */
export async function sendFile(blob: Blob, name: string, sending: Sending): Promise<File> {
  const form = new FormData()
  form.append('file', blob, name)
  const { session } = client.source
  const token = await session.fresh()
  sending.signal.throwIfAborted()
  try {
    return await post(form, token, sending)
  } catch (error) {
    if (!(error instanceof ParleyError) || error.status !== 401) throw error
    return post(form, await session.renew(token), sending)
  }
}
