import { isShown } from './sniff.ts'

/** Nothing runs, loads or frames, whatever the bytes are taken for. */
const policy =
  "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'none'; frame-ancestors 'none'"

/** RFC 8187, 3.2.1: what may stand in `filename*` as it is. */
const encode = (name: string): string =>
  encodeURIComponent(name).replace(
    /['()*!]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** RFC 6266, with the name in both forms; the first is for those who know only ASCII. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encode(name)}`
}

export interface Content {
  name: string
  mime: string
  tag: string
  download: boolean
}

/** The headers of a file's bytes, whatever part of them is sent. */
export function contentHeaders({ name, mime, tag, download }: Content): Record<string, string> {
  const shown = isShown(mime)
  const media = shown && mime !== 'text/plain'
  return {
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=300, immutable',
    'content-disposition': disposition(shown && !download ? 'inline' : 'attachment', name),
    'content-security-policy': policy,
    'content-type': !shown
      ? 'application/octet-stream'
      : mime === 'text/plain'
        ? 'text/plain; charset=utf-8'
        : mime,
    // Pages of other origins may show what is signed for them, and read nothing else.
    'cross-origin-resource-policy': media ? 'cross-origin' : 'same-origin',
    etag: tag,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}
