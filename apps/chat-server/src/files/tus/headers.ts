import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { refuse } from '@parley/core/http/problem'

export const version = '1.0.0'
const extensions = 'creation,termination,expiration'

/** What each answer has (tus 1.0.0, “Core Protocol”), and what one asks for with OPTIONS. */
export const common = { 'tus-resumable': version }
export const abilities = (mostBytes: number) => ({
  'tus-version': version,
  'tus-extension': extensions,
  'tus-max-size': String(mostBytes),
})

/** A header that must be a number of bytes. */
export function bytesIn(headers: IncomingHttpHeaders, name: string): number {
  const text = headers[name]
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) refuse('malformed_upload')
  return Number(text)
}

const longestMetadata = 8192

/**
 * `Upload-Metadata`: keys, each with a value in Base64 or none, separated by commas. The name of the file
 * is in `filename`, else in `name`.
 */
export function metadataIn(headers: IncomingHttpHeaders) {
  const text = headers['upload-metadata']
  if (text === undefined) return { metadata: null, name: undefined }
  if (typeof text !== 'string' || text.length > longestMetadata || !/^[ -~]*$/.test(text))
    return refuse('malformed_upload')
  const pairs = text.split(',').map((pair): [string, string] => {
    const [, key = '', value = ''] =
      /^ *([!-+\--~]+)(?: ([A-Za-z0-9+/]*={0,2}))? *$/.exec(pair) ?? []
    if (key === '') refuse('malformed_upload')
    const bytes = Buffer.from(value, 'base64')
    return [key, isUtf8(bytes) ? bytes.toString('utf8') : refuse('malformed_upload')]
  })
  const known = new Map(pairs)
  return { metadata: text, name: known.get('filename') ?? known.get('name') }
}
