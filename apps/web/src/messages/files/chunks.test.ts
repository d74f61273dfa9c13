import { NetworkError, ParleyError } from '@parley/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sendInChunks } from './chunks.ts'
import type { Answer, Wish } from './request.ts'

/** As large as ids get. */
const firstId = 1_538_527_869_820_929

/** What befalls a request: nothing, or the connection breaks at some place, or the server says no. */
type Fate = 'passes' | 'lost' | 'cut' | 'answer lost' | 'away' | 'overtaken' | 'forgotten'

const answer = (headers: Record<string, string>): Answer => ({
  header: (name) => headers[name] ?? null,
  text: '',
})
const refusal = (status: number) =>
  new ParleyError({ status, code: '', title: '', detail: '', request_id: '' })

/** A server that does to each request what is said, and is well-behaved beyond. */
function stage(fates: readonly Fate[]) {
  const left = [...fates]
  const halves = new Map<string, { length: number; bytes: Uint8Array }>()
  const received: number[] = []
  let count = 0

  const told = (path: string) => {
    const { length, bytes } = halves.get(path) ?? { length: 0, bytes: new Uint8Array() }
    return answer({
      'upload-offset': String(bytes.length),
      ...(bytes.length === length && { 'parley-file-id': path.replace('/api/uploads/', '') }),
    })
  }
  function add(path: string, bytes: Uint8Array): void {
    const half = halves.get(path)
    if (half) half.bytes = Uint8Array.from([...half.bytes, ...bytes])
    received.push(bytes.length)
  }
  async function ask({ method, path, headers = {}, body }: Wish): Promise<Answer> {
    const fate = left.shift() ?? 'passes'
    if (fate === 'lost') throw new NetworkError('')
    if (fate === 'away') throw new NetworkError('', { status: 503 })
    if (method === 'POST') {
      const place = `/api/uploads/${firstId + count++}`
      halves.set(place, { length: Number(headers['upload-length']), bytes: new Uint8Array() })
      if (fate === 'answer lost') throw new NetworkError('')
      return answer({ location: place })
    }
    if (fate === 'forgotten') halves.delete(path)
    const half = halves.get(path)
    if (!half) throw refusal(404)
    if (method === 'PATCH' && body instanceof Blob) {
      if (fate === 'overtaken')
        add(path, original.subarray(half.bytes.length, half.bytes.length + 1))
      if (Number(headers['upload-offset']) !== half.bytes.length) throw refusal(409)
      const bytes = await body.bytes()
      add(path, fate === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes)
      if (fate === 'cut') throw new NetworkError('')
    }
    if (fate === 'answer lost') throw new NetworkError('')
    return told(path)
  }
  return { ask, halves, received, count: () => count }
}

const original = Uint8Array.from({ length: 100 }, (_, n) => n)
const chunk = 16

/** Tries again until it is there, as the runner does, with what is known of the place. */
async function bring(ask: (wish: Wish) => Promise<Answer>, from?: string) {
  let path = from
  const seen: number[] = []
  const paths: (string | undefined)[] = []
  for (let tries = 0; ; tries++) {
    try {
      const id = await sendInChunks(
        ask,
        {
          blob: new Blob([original]),
          name: 'größe.bin',
          path,
          signal: new AbortController().signal,
          onProgress: (sent) => void seen.push(sent),
          onPath(next) {
            path = next
            paths.push(next)
          },
        },
        chunk,
      )
      return { id, seen, paths, tries }
    } catch (error) {
      if (tries > 40 || !(error instanceof NetworkError || error instanceof ParleyError))
        throw error
    }
  }
}

test('a file is whole in the end, whatever happens to the requests', async () => {
  const fate = fc.constantFrom<Fate>(
    'passes',
    'lost',
    'cut',
    'answer lost',
    'away',
    'overtaken',
    'forgotten',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 20 }), async (fates) => {
      const { ask, halves } = stage(fates)
      const { id } = await bring(ask)
      expect(halves.get(`/api/uploads/${id}`)?.bytes).toEqual(original)
    }),
    { numRuns: 200 },
  )
})

test('no byte goes twice where only connections break', async () => {
  const fate = fc.constantFrom<Fate>('passes', 'lost', 'cut', 'answer lost', 'away')
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 20 }), async (fates) => {
      const { ask, received, count } = stage(['passes', ...fates])
      await bring(ask)
      expect(received.reduce((sum, bytes) => sum + bytes, 0)).toBe(original.length)
      expect(count()).toBe(1)
    }),
  )
})

test('what the server has already is not sent, and what it has forgotten begins anew', async () => {
  const { ask, halves, received } = stage([])
  halves.set('/api/uploads/7', { length: 100, bytes: original.slice(0, 90) })
  expect(await bring(ask, '/api/uploads/7')).toMatchObject({ id: 7, paths: [], tries: 0 })
  expect(received).toEqual([10])
  expect(await bring(ask, '/api/uploads/8')).toMatchObject({
    id: firstId,
    paths: [undefined, `/api/uploads/${firstId}`],
    tries: 0,
  })
})

test('the token goes to no other place than Parley’s, and an answer without sense is none', async () => {
  const to = (location: string) => async () => answer({ location })
  const wanted = {
    blob: new Blob([original]),
    name: 'a',
    path: undefined,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onPath: () => undefined,
  }
  await expect(sendInChunks(to('https://example.org/elsewhere'), wanted)).rejects.toThrow(
    NetworkError,
  )
  await expect(sendInChunks(to('/api/uploads/1'), wanted)).rejects.toThrow(NetworkError)
})

test('the name goes along in whatever script', async () => {
  let metadata = ''
  const { ask } = stage([])
  await bring(async (wish) => {
    metadata ||= wish.headers?.['upload-metadata'] ?? ''
    return ask(wish)
  })
  expect(Buffer.from(metadata.replace('filename ', ''), 'base64').toString()).toBe('größe.bin')
})
