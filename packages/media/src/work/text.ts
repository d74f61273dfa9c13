import { open } from 'node:fs/promises'
import { type Found, nothing } from '../facts.ts'
import { mostCharacters, previewOf } from './preview.ts'

/** What that many characters of UTF-8 take at the most, and a mark of byte order. */
const mostBytes = mostCharacters * 4 + 3

/** All but tab and line ends: what has one of these is no text to read. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

/** The first lines of a file that is UTF-8; without them if its beginning is anything else. */
export async function lookAtText(path: string): Promise<Found> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0)
    return { ...nothing, text_preview: preview(buffer.subarray(0, bytesRead)) }
  } finally {
    await file.close()
  }
}

function preview(bytes: Buffer): string | null {
  try {
    // A character that the last byte read cuts in two is left out.
    const all = new TextDecoder('utf-8', { fatal: true }).decode(bytes, {
      stream: bytes.length === mostBytes,
    })
    return control.test(all) ? null : previewOf(all)
  } catch {
    return null
  }
}
