import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { call } from '../access/call.ts'
import { type SharedCache, startSharedCache } from './shared-cache.ts'

let stopping: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stopping) await stop()
  stopping = []
})

/** A cache in front of a server that counts its answers and gives each these fields. */
async function cacheOf(fields: Record<string, string>): Promise<SharedCache> {
  let count = 0
  const server = createServer(({ headers }, response) => {
    const unchanged = fields['etag'] !== undefined && headers['if-none-match'] === fields['etag']
    response.writeHead(unchanged ? 304 : 200, fields).end(unchanged ? '' : String(++count))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cache = await startSharedCache(`http://127.0.0.1:${port}`)
  stopping = [
    cache.stop,
    async () => {
      server.closeAllConnections()
      server.close()
    },
  ]
  return cache
}

const long = 'max-age=300'
const yesterday = new Date(Date.now() - 86_400_000).toUTCString()
const tomorrow = new Date(Date.now() + 86_400_000).toUTCString()

test.each([
  { said: 'for how long', fields: { 'cache-control': long } },
  { said: 'until when', fields: { expires: tomorrow } },
  { said: 'nothing but when it changed', fields: { 'last-modified': yesterday } },
  { said: 'that it is for all', fields: { 'cache-control': `public, ${long}` }, token: true },
  { said: 'how long caches may', fields: { 'cache-control': 's-maxage=300' }, token: true },
  { said: 'what it depends on', fields: { 'cache-control': long, vary: 'Origin' } },
  { said: 'to ask first, and is the same', fields: { 'cache-control': 'no-cache', etag: '"a"' } },
])('it keeps for another one what says $said', async ({ fields, token = false }) => {
  const cache = await cacheOf(Object.fromEntries(Object.entries(fields)))
  const ask = (who: string) =>
    call(cache.url, { method: 'GET', path: '/x', token: token ? who : undefined })
  expect((await ask('one')).body).toBe('1')
  expect((await ask('another')).body).toBe('1')
  expect(cache.hits).toEqual(['/x'])
})

test.each([
  { said: 'not to', fields: { 'cache-control': 'no-store' } },
  { said: 'it is for one', fields: { 'cache-control': `private, ${long}` } },
  {
    said: 'only for how long, and was asked with a token',
    fields: { 'cache-control': long },
    token: true,
  },
  { said: 'to ask first', fields: { 'cache-control': 'no-cache' } },
  { said: 'that it is over', fields: { 'cache-control': 'max-age=0', expires: tomorrow } },
  { said: 'that it depends on everything', fields: { 'cache-control': long, vary: '*' } },
  {
    said: 'that it depends on who asks',
    fields: { 'cache-control': `public, ${long}`, vary: 'Origin, Authorization' },
    token: true,
  },
])('it gives nobody else what says $said', async ({ fields, token = false }) => {
  const cache = await cacheOf(Object.fromEntries(Object.entries(fields)))
  const ask = (who: string) =>
    call(cache.url, { method: 'GET', path: '/x', token: token ? who : undefined })
  expect((await ask('one')).body).toBe('1')
  expect((await ask('another')).body).toBe('2')
  expect(cache.hits).toEqual([])
})
