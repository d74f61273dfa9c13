import type { File } from '@parley/contract'
import { NetworkError } from '@parley/sdk'
import { type Wanted, dropHalf, sendInChunks } from './chunks.ts'
import { type Answer, ask, parsed } from './request.ts'
import { isResumable } from './upload.ts'

/** What the server tells of a file that it has: not all of it where the file came in chunks. */
export type Sent = Pick<File, 'id'> & Partial<File>

const isAnswer = (value: unknown): value is { files: [File] } =>
  typeof value === 'object' &&
  value !== null &&
  'files' in value &&
  Array.isArray(value.files) &&
  value.files.length === 1

function fileIn({ text }: Answer): File {
  const body = parsed(text)
  if (!isAnswer(body)) throw new NetworkError('The answer is not from Parley.')
  return body.files[0]
}

/**
 * Brings one file to the server. Throws ParleyError or NetworkError, or an AbortError when the signal
 * ends it: no further byte goes out then.
 */
export async function sendFile(wanted: Wanted): Promise<Sent> {
  const { blob, name, signal, onProgress } = wanted
  if (isResumable(blob)) return { id: await sendInChunks(ask, wanted) }
  const form = new FormData()
  form.append('file', blob, name)
  return fileIn(await ask({ method: 'POST', path: '/api/upload', body: form, signal, onProgress }))
}

/** Has the server let go of the half that it has of a file. */
export const dropSent = (path: string): Promise<unknown> => dropHalf(ask, path)
