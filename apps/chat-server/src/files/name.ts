/** As many bytes of UTF-8 as file systems take in a name. */
const mostBytes = 255
/** An extension longer than this is none. */
const longestExtension = 32

/** Controls, among them NUL, and marks that turn the direction of what follows (UAX 9). */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu

/** The first characters of a text that have so many bytes at the most. */
function clip(text: string, bytes: number): string {
  let sum = 0
  let clipped = ''
  for (const character of text) {
    sum += Buffer.byteLength(character)
    if (sum > bytes) break
    clipped += character
  }
  return clipped
}

/**
 * The name of a file as it is kept and shown: what the client said, less any folders, and characters that
 * are not seen and make a name look like another; at most 255 bytes, of which the extension stays.
 */
export function fileName(said: string | undefined): string {
  const last = (said ?? '').toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const name = last.replace(unseen, '').trim()
  if (/^\.*$/.test(name)) return 'file'
  if (Buffer.byteLength(name) <= mostBytes) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= longestExtension ? name.slice(dot) : ''
  const stem = name.slice(0, name.length - extension.length)
  return clip(stem, mostBytes - Buffer.byteLength(extension)) + extension
}
