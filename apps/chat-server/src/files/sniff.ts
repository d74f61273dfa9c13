import { isUtf8 } from 'node:buffer'
import { fileTypeFromBuffer } from 'file-type'

/** How much of a file's beginning is looked at, in bytes. */
export const headLength = 4100

/** Where other names for a type are in use, or it says more than a type. */
const plainNames: Record<string, string> = {
  'image/apng': 'image/png',
  'audio/x-m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
}

/** Characters that no text has: controls but for blanks. */
const binary = /[^\P{Cc}\s\u0080-\u009f]/u
/** Begins what sets colours in a terminal’s output, which is text all the same. */
const escape = '\u001b'

/** The text that bytes begin with; undefined where they are none. The last character may be cut. */
function textOf(head: Buffer, isWhole: boolean): string | undefined {
  for (let cut = 0; cut < (isWhole ? 1 : 4); cut++) {
    const part = head.subarray(0, head.length - cut)
    if (isUtf8(part)) {
      const text = part.toString('utf8')
      return binary.test(text.replaceAll(escape, '')) ? undefined : text
    }
  }
  return undefined
}

function markup(text: string): string | undefined {
  const begin = text.replace(/^\uFEFF?\s*/, '').slice(0, 1024)
  if (!begin.startsWith('<')) return undefined
  if (/<svg[\s>]/i.test(begin)) return 'image/svg+xml'
  return /^<\?xml\s/i.test(begin) ? 'application/xml' : 'text/html'
}

/**
 * What a file is by its first `headLength` bytes, whatever its name and its sender say. Only these are
 * looked at: nothing is unpacked.
 */
export async function sniff(head: Buffer): Promise<string> {
  const text = textOf(head, head.length < headLength)
  if (text !== undefined && text !== '') {
    // A text that begins like something that is shown or run is that, and never plain.
    const found = markup(text)
    if (found !== undefined) return found
  }
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  if (found) {
    const [type = ''] = found.mime.split(';')
    return plainNames[type] ?? type
  }
  return text === undefined || text === '' ? 'application/octet-stream' : 'text/plain'
}

/** What a browser may show by itself: it runs none of it. */
const shown = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/webm',
  'text/plain',
])

export const isShown = (mime: string): boolean => shown.has(mime)
