import { NetworkError } from '@parley/sdk'
import type { Answer, Wish } from './request.ts'
import { chunkSize, statusOf } from './upload.ts'

/** Longer than the server takes to have what it got, in milliseconds. */
const patienceMs = 60_000
/** So often somebody else may be there first. */
const mostConflicts = 3

export interface Wanted {
  blob: Blob
  name: string
  /** Where the server has what it has of it; undefined where that is nothing. */
  path: string | undefined
  signal: AbortSignal
  /** Told how many bytes are on their way or there. */
  onProgress(sent: number): void
  /** The server has another place for it from now on, or has forgotten it. */
  onPath(path: string | undefined): void
}

/** How far the server has it, and as which file once it is whole. */
interface There {
  offset: number
  id: number | undefined
}
type Ask = (wish: Wish) => Promise<Answer>

const common = { 'tus-resumable': '1.0.0' }
const strange = () => new NetworkError('The answer is not from Parley.')
const base64 = (text: string) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)))

const numberIn = (text: string | null): number | undefined =>
  text !== null && /^\d{1,16}$/.test(text) ? Number(text) : undefined

function thereIn({ header }: Answer): There {
  const offset = numberIn(header('upload-offset'))
  if (offset === undefined) throw strange()
  return { offset, id: numberIn(header('parley-file-id')) }
}

/** Not to be aborted: what the server has begun would be known to nobody. */
async function begin(ask: Ask, { blob, name }: Wanted): Promise<string> {
  const headers = {
    ...common,
    'upload-length': String(blob.size),
    'upload-metadata': `filename ${base64(name)}`,
  }
  const { header } = await ask({ method: 'POST', path: '/api/uploads', headers, patienceMs })
  // Whatever a proxy makes of the address, the token goes to no other place.
  const [path] = /\/api\/uploads\/\d+$/.exec(header('location') ?? '') ?? []
  if (path === undefined) throw strange()
  return path
}

const look = async (ask: Ask, path: string, signal: AbortSignal): Promise<There> =>
  thereIn(await ask({ method: 'HEAD', path, headers: common, signal, patienceMs }))

async function sendChunk(
  ask: Ask,
  { blob, signal, onProgress }: Wanted,
  path: string,
  offset: number,
  chunk: number,
): Promise<There> {
  const there = thereIn(
    await ask({
      method: 'PATCH',
      path,
      headers: {
        ...common,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
      // The type of the whole would be the request's.
      body: blob.slice(offset, offset + chunk, 'application/offset+octet-stream'),
      signal,
      patienceMs,
      onProgress: (sent) => onProgress(offset + sent),
    }),
  )
  if (there.id === undefined && there.offset <= offset) throw strange()
  return there
}

/**
 * Brings a file to the server from where the server has it, a chunk after the other (tus 1.0.0), and
 * gives its id. What breaks off is the caller's to try again. Throws what `ask` throws.
 */
export async function sendInChunks(ask: Ask, wanted: Wanted, chunk = chunkSize): Promise<number> {
  const { signal, onPath, onProgress } = wanted
  let { path } = wanted
  let there: There | undefined
  let forgotten = false
  let conflicts = 0
  for (;;) {
    try {
      if (path === undefined) {
        path = await begin(ask, wanted)
        onPath(path)
        signal.throwIfAborted()
        there = { offset: 0, id: undefined }
      }
      there ??= await look(ask, path, signal)
      onProgress(there.offset)
      if (there.id !== undefined) return there.id
      there = await sendChunk(ask, wanted, path, there.offset, chunk)
    } catch (error) {
      const status = statusOf(error)
      if ((status === 404 || status === 410) && !forgotten) {
        forgotten = true
        path = undefined
        onPath(undefined)
      } else if (status !== 409 || ++conflicts > mostConflicts) throw error
      there = undefined
    }
  }
}

/** Has the server let go of what it has of an upload. Whoever cannot be reached does so after a day. */
export const dropHalf = (ask: Ask, path: string): Promise<unknown> =>
  ask({ method: 'DELETE', path, headers: common, patienceMs }).catch(() => undefined)
