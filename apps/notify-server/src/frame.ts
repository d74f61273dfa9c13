/** Longest size line of a chunk: leading zeros keep it, and so the start of the text, in one place. */
const sizeDigits = 6
const textStart = sizeDigits + 2
const textEnd = -2

/**
 * Text of an event stream as one chunk of HTTP/1.1 (RFC 9112, 7.1), ready for any number of sockets.
 */
export function chunk(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const buffer = Buffer.allocUnsafe(textStart + length + 2)
  buffer.write(`${length.toString(16).padStart(sizeDigits, '0')}\r\n`, 0, 'latin1')
  buffer.write(text, textStart)
  buffer.write('\r\n', textStart + length, 'latin1')
  return buffer
}

/** The text alone, for a reader of HTTP/1.0, which knows no chunks. */
export const unchunked = (buffer: Buffer): Buffer => buffer.subarray(textStart, textEnd)

export const lastChunk = Buffer.from('0\r\n\r\n')

/**
 * One event of the stream (WHATWG HTML, 9.2.6). Both the kind and the cursor are ours, and `data` is
 * JSON, in which line breaks are always escaped: nothing a person wrote can end the line.
 */
export const eventFrame = (kind: string, data: string, cursor?: string): Buffer =>
  chunk(`${cursor === undefined ? '' : `id: ${cursor}\n`}event: ${kind}\ndata: ${data}\n\n`)

/**
 * Keeps proxies and the connection awake, and moves an idle reader's cursor on: an `id` without data
 * makes no event and yet becomes the last event id (9.2.6, "dispatch the event", step 1).
 */
export const heartbeatFrame = (cursor?: string): Buffer =>
  chunk(cursor === undefined ? ':\n\n' : `:\nid: ${cursor}\n\n`)
