import type { ByteRange } from '@parley/core/storage/storage'

/** Entity tags of a list, less what says that they are weak (RFC 9110, 8.8.3). */
const tagsOf = (list: string): string[] =>
  [...list.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].map(([, tag = '']) => tag)

/** Whether the client has it already, by `If-None-Match`. */
export const isKnown = (list: string | undefined, tag: string): boolean =>
  list !== undefined && (list.trim() === '*' || tagsOf(list).includes(tag))

/**
 * The one range that a client asks for (RFC 9110, 14.2), or `none` where the file ends before it. All of
 * the file, which is undefined, where it asks for several, in a way that is none, or for a file that
 * has changed since.
 */
export function rangeOf(
  { range, ifRange }: { range: string | undefined; ifRange: string | undefined },
  tag: string,
  size: number,
): ByteRange | 'none' | undefined {
  if (range === undefined || (ifRange !== undefined && ifRange !== tag)) return undefined
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'none' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return undefined
  return start >= size ? 'none' : { start, end }
}
