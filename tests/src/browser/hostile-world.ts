import type { Client } from '@parley/sdk'
import type { Hostile } from '../files/hostile/hostile.ts'
import { stored } from './files-world.ts'
import { expect } from './fixtures.ts'

/** A hostile file that the server took. */
export interface Taken extends Hostile {
  id: number
  kept: string
}

/** As files go into one message. */
const perMessage = 10

/** By a resumable upload, which says any name as it is; a form cannot. */
async function resumably(url: string, client: Client, { name, bytes }: Hostile): Promise<number> {
  const headers = {
    authorization: `Bearer ${client.tokens().token ?? ''}`,
    'tus-resumable': '1.0.0',
  }
  const begun = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  })
  const sent = await fetch(new URL(begun.headers.get('location') ?? '', url), {
    method: 'PATCH',
    headers: {
      ...headers,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(bytes),
  })
  expect(sent.status).toBe(204)
  return Number(sent.headers.get('parley-file-id'))
}

/** Uploads them, in lots of a message each. */
export async function take(
  url: string,
  client: Client,
  files: readonly Hostile[],
): Promise<Taken[][]> {
  const lots: Taken[][] = []
  for (let from = 0; from < files.length; from += perMessage) {
    const lot = files.slice(from, from + perMessage)
    const ids = lot.every(({ name }) => /^[\w.-]+$/.test(name))
      ? await stored(client, lot)
      : await Promise.all(lot.map((file) => resumably(url, client, file)))
    lots.push(lot.map((file, n) => ({ ...file, id: ids[n] ?? 0, kept: file.kept ?? file.name })))
  }
  return lots
}

/** The name that a download is saved under, by RFC 6266 and RFC 8187. */
const nameIn = (disposition: string | null): string =>
  decodeURIComponent(/; filename\*=UTF-8''([\w!#$&+.^`|~%-]*)$/.exec(disposition ?? '')?.[1] ?? '')

/** What is asked of the answer to an address of a file that may be shown as a type, or only saved. */
export async function expectHarmless(
  url: URL,
  file: Taken,
  shown: string | undefined,
  kind: 'inline' | 'attachment',
): Promise<void> {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await fetch(url, { method })
    const disposition = headers.get('content-disposition')
    expect({
      name: file.kept,
      status,
      kind: disposition?.split(';')[0],
      kept: nameIn(disposition),
      type: headers.get('content-type'),
      nosniff: headers.get('x-content-type-options'),
      policy: headers.get('content-security-policy'),
      from: headers.get('cross-origin-resource-policy'),
      referrer: headers.get('referrer-policy'),
      cookies: headers.get('set-cookie'),
      encoding: headers.get('content-encoding'),
    }).toEqual({
      name: file.kept,
      status: 200,
      kind,
      kept: file.kept,
      type: shown ?? 'application/octet-stream',
      nosniff: 'nosniff',
      policy:
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'none'; frame-ancestors 'none'",
      from: shown === undefined || shown.startsWith('text/') ? 'same-origin' : 'cross-origin',
      referrer: 'no-referrer',
      cookies: null,
      encoding: null,
    })
  }
}
