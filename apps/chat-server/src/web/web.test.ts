import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, get as httpGet } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { newSetupToken } from '@parley/core/access/setup'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'

const script = `document.title = 'x'`
const page = `<!doctype html><html><head><script>${script}</script></head><body></body></html>`
const dir = await mkdtemp(join(tmpdir(), 'parley-web-'))
await mkdir(join(dir, 'assets'))
await Promise.all([
  writeFile(join(dir, 'index.html'), page),
  writeFile(join(dir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
  writeFile(join(dir, 'assets', 'index-abc123.js'), 'export {}'),
  writeFile(join(dir, 'assets', 'index-abc123.css'), '.plain{}'),
  writeFile(join(dir, 'assets', 'index-abc123.css.br'), 'smallest'),
  writeFile(join(dir, 'assets', 'index-abc123.css.gz'), 'small'),
  writeFile(join(dir, '.built-from'), 'secret'),
])
const server = await startChatServer({ PARLEY_WEB_DIR: dir })
const bare = await server.again({ PARLEY_WEB_DIR: join(dir, 'nothing') })
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})
/** The bytes as they come: fetch would unpack them. */
async function request(url: string, accepted: string) {
  const answer = await new Promise<IncomingMessage>((resolve) => {
    httpGet(url, { headers: { 'accept-encoding': accepted } }, resolve)
  })
  return { headers: answer.headers, body: await text(answer) }
}
const get = (path: string, url = server.url) => fetch(`${url}${path}`, { redirect: 'manual' })

test.each(['/', '/signin', '/signup', '/i/abc', '/w/1/c/2', '/w/1/c/2/m/3', '/settings/account'])(
  '%s is a place in the client: the page, asked for anew each time',
  async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toBe(page)
  },
)

test('AU-26: the place for a setup link is there while one waits, else there is none', async () => {
  const nothing = await get('/setup')
  expect(nothing.status).toBe(404)
  await newSetupToken(server.pool)
  const answer = await get('/setup')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe(page)
  await server.value(`update setup_tokens set expires_at = now()`)
  const late = await get('/setup')
  expect(late.status).toBe(404)
  expect(await late.text()).toBe(page)
})

test('the page runs what it was built from and nothing else, and reaches the two servers only', async () => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? ''
  const directives = new Map(
    policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
  )
  const hash = createHash('sha256').update(script).digest('base64')
  expect(directives.get('script-src')).toBe(`'self' 'sha256-${hash}'`)
  expect(directives.get('style-src')).toBe("'self'")
  expect(directives.get('connect-src')).toBe("'self' http://localhost:6687")
  expect(directives.get('default-src')).toBe("'none'")
  expect(directives.get('frame-ancestors')).toBe("'none'")
  expect(directives.get('require-trusted-types-for')).toBe("'script'")
  expect(policy).not.toMatch(/unsafe|\*/)
})

test('what has a hash in its name is kept for ever, the rest for an hour', async () => {
  const asset = await get('/assets/index-abc123.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toMatch(/javascript/)
  expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await get('/icon.svg')).headers.get('cache-control')).toBe('public, max-age=3600')
})

test.each([
  ['br, gzip', 'br', 'smallest'],
  ['gzip', 'gzip', 'small'],
  ['identity', undefined, '.plain{}'],
])('to those who read %s a style comes as %s', async (accepted, encoding, sent) => {
  const answer = await request(`${server.url}/assets/index-abc123.css`, accepted)
  expect(answer.headers['content-encoding']).toBe(encoding)
  expect(answer.headers['content-type']).toBe('text/css; charset=utf-8')
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(answer.headers['vary']).toContain('accept-encoding')
  expect(answer.body).toBe(sent)
})

test.each([
  '/api/nothing',
  '/assets/index-abc123.css.br',
  '/assets/gone-def456.js',
  '/.built-from',
  '/nothing',
  '/assets/../x',
])('%s is nothing, and that is said as JSON', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(await answer.json()).toMatchObject({ code: 'not_found' })
})

test('where the client is not built, one is led to the pages of the API', async () => {
  const answer = await get('/', bare.url)
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs/'])
  expect((await get('/signin', bare.url)).status).toBe(404)
})

test('files may come from an address of their own, where there is one', async () => {
  const apart = await server.again({
    PARLEY_WEB_DIR: dir,
    PARLEY_FILES_ORIGIN: 'https://files.example.org',
  })
  const policyOf = async (url: string) =>
    (await get('/', url)).headers.get('content-security-policy')
  const policy = await policyOf(apart.url)
  for (const kind of ["img-src 'self' data: blob:", "media-src 'self' blob:"]) {
    expect(policy).toContain(`; ${kind} https://files.example.org; `)
    expect(await policyOf(server.url)).toContain(`; ${kind}; `)
  }
})
