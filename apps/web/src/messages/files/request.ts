import { NetworkError, ParleyError } from '@parley/sdk'
import { client } from '../../app/client.ts'
import { statusOf } from './upload.ts'

export interface Wish {
  method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: FormData | Blob
  signal?: AbortSignal | undefined
  /** Told how many bytes of the body are on their way or there. */
  onProgress?(sent: number): void
  /** After so long without a sign of life the connection counts as lost, in milliseconds. */
  patienceMs?: number
}

export interface Answer {
  header(name: string): string | null
  text: string
}

export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const isProblem = (value: unknown): value is ConstructorParameters<typeof ParleyError>[0] =>
  typeof value === 'object' && value !== null && 'code' in value && 'status' in value

/** An answer to HEAD has no body, so its status is all that tells. */
function errorOf({ status, responseText }: XMLHttpRequest, patience: string | null): Error {
  const problem = parsed(responseText)
  const retryAfterMs = patience === null ? undefined : Number(patience) * 1000 || undefined
  return isProblem(problem)
    ? new ParleyError(problem, { retryAfterMs })
    : new NetworkError('The answer is not from Parley.', { status, retryAfterMs })
}

/** One request; `fetch` tells nothing of what was sent. */
const once = (wish: Wish, token: string | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method, path, headers = {}, body, signal, onProgress, patienceMs } = wish
    const request = new XMLHttpRequest()
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = () => request.abort()
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      settle()
    }
    const lost = () => reject(new NetworkError('The server could not be reached.'))
    const alive = () => {
      clearTimeout(timer)
      if (patienceMs === undefined) return
      timer = setTimeout(() => {
        lost()
        stop()
      }, patienceMs)
    }
    request.upload.addEventListener('progress', ({ loaded }) => {
      alive()
      onProgress?.(loaded)
    })
    request.addEventListener('load', () =>
      end(() =>
        request.status >= 200 && request.status < 300
          ? resolve({
              header: (name) => request.getResponseHeader(name),
              text: request.responseText,
            })
          : reject(errorOf(request, request.getResponseHeader('retry-after'))),
      ),
    )
    request.addEventListener('error', () => end(lost))
    request.addEventListener('abort', () => end(() => reject(new DOMException('', 'AbortError'))))
    request.open(method, path)
    request.setRequestHeader('accept', 'application/json, application/problem+json')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`)
    signal?.addEventListener('abort', stop)
    alive()
    request.send(body)
  })

/**
 * A request of who is signed in; a token that has ended meanwhile is renewed. Throws ParleyError or
 * NetworkError, or an AbortError when the signal ends it: no further byte goes out then.
 */
export async function ask(wish: Wish): Promise<Answer> {
  const { session } = client.source
  const token = await session.fresh()
  wish.signal?.throwIfAborted()
  if (token === undefined) throw new NetworkError('Nobody is signed in.', { status: 401 })
  try {
    return await once(wish, token)
  } catch (error) {
    if (statusOf(error) !== 401) throw error
    const next = await session.renew(token)
    wish.signal?.throwIfAborted()
    if (next === undefined) throw error
    return once(wish, next)
  }
}
