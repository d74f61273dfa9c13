import { createHash, randomBytes } from 'node:crypto'
import {
  deleteFile,
  leaveChat,
  listFileUrls,
  openFile,
  sendMessage,
  updateChat,
} from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Person, startChatServer } from '../fixtures/chat-server.ts'
import { bearer, refusalOf, uploaded } from '../fixtures/files.ts'
import { filledIn } from './queries.ts'

const server = await startChatServer()
afterAll(() => server.stop())
const [anna, bob, stranger] = [
  await server.person('anna'),
  await server.person('bob'),
  await server.person('stranger'),
]
const bytes = randomBytes(10_000)

/** A file in a private channel of Anna’s and Bob’s, of a workspace with one more in it. */
async function shared(name = 'x.bin', content: string | Uint8Array<ArrayBuffer> = bytes) {
  const outside = await server.person()
  const workspace = await server.workspace(anna, bob, outside)
  const chat = await server.value(
    `insert into chats (type, workspace_id, name, created_by)
     values ('private_channel', $1, 'p', $2) returning id`,
    workspace.id,
    anna.id,
  )
  for (const { id } of [anna, bob]) {
    await server.value(
      'insert into chat_members (chat_id, user_id, role) values ($1, $2, $3) returning 1',
      chat,
      id,
      id === anna.id ? 'owner' : 'member',
    )
  }
  const chatId = Number(chat)
  const file = await uploaded(server.url, anna, name, content)
  const { id: messageId } = await anna.call(sendMessage, {
    params: { id: chatId },
    body: { content: '', files: [file.id] },
  })
  return { ...file, chatId, messageId, outside }
}

const place = async (
  by: Person,
  id: number,
  query: { rendition?: string; download?: boolean } = {},
) =>
  (await by.ask(openFile, { params: { id }, query }, { headers: { accept: 'application/json' } }))
    .body.url

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}${url}`, { method, headers })

test('a file comes as it was sent, by an address that is good for five minutes at the most', async () => {
  const { id } = await shared()
  const led = await fetch(`${server.url}/api/files/${id}`, {
    headers: bearer(bob),
    redirect: 'manual',
  })
  expect(led.status).toBe(302)
  const { body } = await bob.ask(
    openFile,
    { params: { id }, query: {} },
    { headers: { accept: 'application/json' } },
  )
  expect(led.headers.get('location')).toBe(body.url)
  const seconds = (Date.parse(body.expires_at) - Date.now()) / 1000
  expect(seconds).toBeGreaterThan(200)
  expect(seconds).toBeLessThanOrEqual(301)
  const response = await get(body.url)
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=300, immutable',
    'content-disposition': `attachment; filename="x.bin"; filename*=UTF-8''x.bin`,
    'content-length': '10000',
    'content-security-policy':
      "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'none'; frame-ancestors 'none'",
    'content-type': 'application/octet-stream',
    'cross-origin-resource-policy': 'same-origin',
    etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
})

test('addresses for many files come at once, less those that one may not see', async () => {
  const [one, two] = [await shared(), await shared()]
  const ids = [one.id, two.id, 999]
  const { urls } = await bob.call(listFileUrls, { query: { ids } })
  expect(new Set(urls.map(({ id }) => id))).toEqual(new Set([one.id, two.id]))
  expect((await get(urls[0]?.url ?? '')).status).toBe(200)
  expect(await one.outside.call(listFileUrls, { query: { ids } })).toEqual({ urls: [] })
  const rendition = { ids, rendition: 'thumb_360' }
  expect(await bob.call(listFileUrls, { query: rendition })).toEqual({ urls: [] })
})

test('AZ-07: who may not read the message gets the answer of a file that is not there', async () => {
  const { id, outside } = await shared()
  const answer = async (by: Person, id: number) =>
    JSON.stringify({
      ...(await by.ask(openFile, { params: { id }, query: {} })).body,
      request_id: '',
    })
  const missing = await answer(stranger, 999)
  expect(missing).toContain('not_found')
  for (const person of [stranger, outside]) expect(await answer(person, id)).toBe(missing)
  expect(await server.nobody.outcome(openFile, { params: { id }, query: {} })).toBe(
    '401 not_signed_in',
  )
})

test('AZ-07: an address is worth nothing changed, expired, or once its user may not see the file', async () => {
  const { id, chatId } = await shared()
  const url = await place(bob, id)
  const good = new URL(url, server.url)
  const changed = (name: string, value: string): string => {
    const other = new URL(good)
    other.searchParams.set(name, value)
    return other.pathname + other.search
  }
  const signature = good.searchParams.get('s') ?? ''
  for (const bad of [
    changed('u', String(anna.id)),
    changed('e', String(Number(good.searchParams.get('e')) + 60)),
    changed('d', '1'),
    changed('r', 'thumb_360'),
    changed('s', `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`),
    good.pathname.replace(String(id), String((await shared()).id)) + good.search,
  ])
    expect(await refusalOf(await get(bad))).toBe('404 not_found')
  expect((await get(good.pathname)).status).toBe(400)
  expect((await get(url)).status).toBe(200)
  await bob.call(leaveChat, { params: { id: chatId } })
  expect(await refusalOf(await get(url))).toBe('404 not_found')
})

test('AZ-09: renditions, ranges and HEAD are refused and answered like the file itself', async () => {
  const { id, outside, chatId } = await shared()
  const key = String(await server.value('select storage_key::text from files where id = $1', id))
  await server.storage.put(
    `${key}.thumb_360`,
    (async function* () {
      yield Buffer.from('small')
    })(),
  )
  await filledIn(server.pool, id, {
    width: 1,
    height: 1,
    blur_hash: null,
    duration_ms: null,
    text_preview: null,
    renditions: [{ name: 'thumb_360', mime: 'image/webp', size: 5 }],
  })
  const query = { rendition: 'thumb_360' }
  expect(await outside.outcome(openFile, { params: { id }, query })).toBe('404 not_found')
  expect(await bob.outcome(openFile, { params: { id }, query: { rendition: 'poster' } })).toBe(
    '404 not_found',
  )
  const [url, small] = [await place(bob, id), await place(bob, id, query)]
  const thumb = await get(small)
  expect([thumb.headers.get('content-type'), await thumb.text()]).toEqual(['image/webp', 'small'])
  const head = await get(url, {}, 'HEAD')
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10000'])
  expect((await head.arrayBuffer()).byteLength).toBe(0)
  await bob.call(leaveChat, { params: { id: chatId } })
  for (const one of [url, small]) {
    expect((await get(one, { range: 'bytes=0-1' })).status).toBe(404)
    expect((await get(one, {}, 'HEAD')).status).toBe(404)
  }
})

test('FI-09: one range is answered with it, several with all, and none that begins behind the end', async () => {
  const { id } = await shared()
  const url = await place(bob, id)
  const part = await get(url, { range: 'bytes=100-199' })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/10000'])
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200))
  const several = await get(url, { range: `bytes=${'0-1,'.repeat(2_000)}5-6` })
  expect([several.status, (await several.arrayBuffer()).byteLength]).toEqual([200, 10_000])
  const behind = await get(url, { range: 'bytes=10000-' })
  expect(behind.headers.get('content-range')).toBe('bytes */10000')
  expect(await refusalOf(behind)).toBe('416 range_not_satisfiable')
  const tag = part.headers.get('etag') ?? ''
  const same = await get(url, { range: 'bytes=0-0', 'if-range': tag })
  const other = await get(url, { range: 'bytes=0-0', 'if-range': '"other"' })
  expect([same.status, other.status]).toEqual([206, 200])
})

test('FI-09: “not modified” is said only to those who may see the file', async () => {
  const { id, chatId } = await shared()
  const url = await place(bob, id)
  const tag = (await get(url)).headers.get('etag') ?? ''
  const again = await get(url, { 'if-none-match': tag })
  expect([again.status, again.headers.get('etag')]).toEqual([304, tag])
  await bob.call(leaveChat, { params: { id: chatId } })
  expect((await get(url, { 'if-none-match': tag })).status).toBe(404)
  expect((await get(url, { 'if-none-match': '*' })).status).toBe(404)
})

test('FI-02: only what nothing in it can run is shown by the browser itself', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const cases: [string, string | Uint8Array<ArrayBuffer>, string, string][] = [
    ['a.png', new Uint8Array(png), 'inline', 'image/png'],
    ['a.html', new Uint8Array(png), 'inline', 'image/png'],
    ['a.png', '<html><script>alert(1)</script>', 'attachment', 'application/octet-stream'],
    ['a.txt', '\uFEFF \n<!DOCTYPE html>', 'attachment', 'application/octet-stream'],
    ['a.svg', '<svg onload="alert(1)">', 'attachment', 'application/octet-stream'],
    ['a.xml', '<?xml version="1.0"?><x/>', 'attachment', 'application/octet-stream'],
    ['a.pdf', '%PDF-1.7\n%\xE2\xE3\xCF\xD3', 'attachment', 'application/octet-stream'],
    ['a.js', 'alert(1)', 'inline', 'text/plain; charset=utf-8'],
    ['a.gif', 'GIF89a/*\0*/=1;alert(1)', 'inline', 'image/gif'],
    ['a.bin', new Uint8Array([1, 2, 3]), 'attachment', 'application/octet-stream'],
  ]
  for (const [name, content, kind, type] of cases) {
    const { id } = await shared(name, content)
    const { headers } = await get(await place(bob, id))
    expect([
      name,
      headers.get('content-disposition')?.split(';')[0],
      headers.get('content-type'),
    ]).toEqual([name, kind, type])
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none';/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    const forced = await get(await place(bob, id, { download: true }))
    expect(forced.headers.get('content-disposition')).toMatch(/^attachment;/)
  }
})

test('FI-01: a name comes back in both forms of the header, and no path leads to a file', async () => {
  const { id } = await shared('a"b\\ü%\r\n猫.txt', 'x')
  const { headers } = await get(await place(bob, id))
  expect(headers.get('content-disposition')).toMatch(
    /^inline; filename="[ -~]*"; filename\*=UTF-8''[\w.%~-]*%C3%BC%25%250D%250A%E7%8C%AB\.txt$/,
  )
  const { search } = new URL(await place(bob, id), server.url)
  for (const path of [
    '/files/..%2fsecrets.json',
    '/files/%2e%2e%5csecrets.json',
    '/files/..%252fsecrets.json',
    '/files/%2fetc%2fpasswd',
  ]) {
    const response = await get(path + search)
    expect([400, 404]).toContain(response.status)
    expect(await response.text()).not.toMatch(/master_key|root:/)
  }
})

test('who joined later sees no file from before, where the chat does not show it', async () => {
  const { id, chatId, outside } = await shared()
  await server.value(`update chats set history = 'since_join' where id = $1`, chatId)
  await anna.call(updateChat, { params: { id: chatId }, body: { add_user_ids: [outside.id] } })
  expect(await outside.outcome(openFile, { params: { id }, query: {} })).toBe('404 not_found')
  expect((await get(await place(bob, id))).status).toBe(200)
})

test('what hangs on no message is its uploader’s alone, who may remove it', async () => {
  const { id } = await uploaded(server.url, anna, 'mine.txt', 'x')
  expect((await get(await place(anna, id))).status).toBe(200)
  expect(await bob.outcome(openFile, { params: { id }, query: {} })).toBe('404 not_found')
  expect(await bob.outcome(deleteFile, { params: { id } })).toBe('404 not_found')
  expect(await anna.outcome(deleteFile, { params: { id } })).toBe('204')
  expect(await anna.outcome(deleteFile, { params: { id } })).toBe('404 not_found')
  const sent = await shared()
  expect(await anna.outcome(deleteFile, { params: { id: sent.id } })).toBe('404 not_found')
})

test('where files have an address of their own, signed ones are made for it', async () => {
  const apart = await server.again({ PARLEY_FILES_ORIGIN: 'https://files.example.org' })
  const { id } = await uploaded(server.url, anna, 'x', 'x')
  const response = await fetch(`${apart.url}/api/files/${id}`, {
    headers: bearer(anna),
    redirect: 'manual',
  })
  const url = new URL(response.headers.get('location') ?? '')
  expect(url.origin).toBe('https://files.example.org')
  expect((await fetch(`${apart.url}${url.pathname}${url.search}`)).status).toBe(200)
})

test('AZ-07: an address of somebody who was disabled is worth nothing', async () => {
  const carol = await server.person('carol')
  const { id } = await uploaded(server.url, carol, 'x', 'x')
  const url = await place(carol, id)
  expect((await get(url)).status).toBe(200)
  await server.value(`update users set status = 'disabled' where id = $1`, carol.id)
  expect(await refusalOf(await get(url))).toBe('404 not_found')
})
