/// <reference lib="dom" />
import { readdirSync, readlinkSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { join } from 'node:path'
import { createClient } from '@parley/sdk'
import type { Page } from '@playwright/test'
import type { RunningParley } from '../stack/parley.ts'
import { made, progress, stored, watchProgress } from './files-world.ts'
import { expect, test } from './fixtures.ts'
import { failedRequests } from './own-messages.ts'
import { password } from './person.ts'
import { createChannel } from './places.ts'

const tiles = (page: Page) => page.getByRole('list', { name: 'Attached files' })
const box = (page: Page) => page.getByRole('textbox', { name: /^Message / })

/** A line that takes so many bytes a second up. */
async function slowLine(page: Page, bytes: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 5,
    downloadThroughput: -1,
    uploadThroughput: bytes,
  })
}
const large = (name: string, bytes: number) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(bytes, 7),
})
const attach = (page: Page, files: ReturnType<typeof large>[]) =>
  page.locator('input[type=file]').setInputFiles(files)

test(
  'on a slow line one types and goes elsewhere, and the upload only goes forward',
  { tag: '@slow' },
  async ({ signUp }) => {
    const ann = await signUp('ann')
    const { page } = ann
    await createChannel(page, 'lunch')
    await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
    await slowLine(page, 400_000)
    await watchProgress(page)
    await attach(page, [large('film.bin', 1_600_000)])
    await expect(tiles(page).getByRole('progressbar')).toBeVisible()
    await box(page).pressSequentially('typed meanwhile')
    await expect(box(page)).toHaveValue('typed meanwhile')
    await ann.open('general')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('#general')
    await ann.open('lunch')
    await expect(box(page)).toHaveValue('typed meanwhile')
    await expect(tiles(page).getByRole('listitem')).toContainText('film.bin')
    await box(page).press('Enter')
    const row = page.getByRole('article').filter({ hasText: 'typed meanwhile' })
    await expect(row).toHaveAttribute('data-id', /\d+/, { timeout: 20_000 })
    await expect(row.getByRole('button', { name: 'Download film.bin' })).toBeVisible()
    const seen = await progress(page)
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  },
)

test('cancel ends the upload within a second, and nothing of it is stored', async ({
  signUp,
  sql,
}) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await slowLine(page, 300_000)
  const name = `cancelled-${process.pid}.bin`
  await attach(page, [large(name, 6_000_000)])
  await expect(tiles(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /[1-9]/)
  const ended = page.waitForEvent('requestfailed', {
    predicate: (request) => request.url().endsWith('/api/upload'),
    timeout: 1_000,
  })
  await page.getByRole('button', { name: `Cancel ${name}` }).click()
  await ended
  await expect(tiles(page)).toHaveCount(0)
  await expect.poll(() => sql(`select 1 from files where name = $1`, [name])).toEqual([])
})

/** Asks for something of the server, by hand: a body may follow, and an answer need not be read. */
function byHand(url: string, lines: readonly string[]): { socket: Socket; text(): string } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  socket.on('error', () => undefined)
  socket.write([...lines, 'Host: x', '', ''].join('\r\n'))
  return { socket, text: () => text }
}

/** What of the files a server has open, by the place of it. */
const openFiles = (pid: number, folder: string): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`)
      return target.startsWith(folder) ? [target] : []
    } catch {
      return []
    }
  })

/** Somebody by hand, who may upload and has a place for what comes of it. */
async function somebody(url: string) {
  const name = `slow-${process.pid}-${++people}`
  const client = createClient({ url })
  const account = { username: name, email: `${name}@example.org`, password }
  const { user } = await client.signUp({ body: { ...account, workspace: `${name} inc` } })
  return { client, id: user.id, bearer: `Authorization: Bearer ${client.tokens().token ?? ''}` }
}
let people = 0

/** Sends a byte a second of an upload until it is cut off, and looks that nothing of it is left. */
async function sendSlowly(
  parley: RunningParley,
  sql: (statement: string, values?: unknown[]) => Promise<unknown>,
): Promise<void> {
  const { id, bearer } = await somebody(parley.url)
  const folder = join(parley.dataDir, 'files', 'unfinished')
  const pid = parley.pid('chat-server') ?? 0
  const form = byHand(parley.url, [
    'POST /api/upload HTTP/1.1',
    bearer,
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Length: 1000000',
  ])
  form.socket.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')
  const timer = setInterval(() => form.socket.writable && form.socket.write('x'), 1000)
  const cut = new Promise((resolve) => form.socket.once('close', resolve))
  await expect.poll(() => openFiles(pid, folder)).toHaveLength(1)
  await expect.poll(form.text, { timeout: 60_000 }).toContain('request_timeout')
  await cut
  clearInterval(timer)
  expect(openFiles(pid, folder)).toEqual([])
  expect(readdirSync(folder)).toEqual([])
  expect(await sql('select 1 from files where owner_id = $1', [id])).toEqual([])
  const room = `select bytes::int from file_use where scope = 'user' and id = $1`
  expect(await sql(room, [id])).toEqual([{ bytes: 0 }])
}

/** Reads a byte a second of a file until it is not held open any more. */
async function readSlowly(parley: RunningParley): Promise<void> {
  const { client } = await somebody(parley.url)
  const [id = 0] = await stored(client, [made('film.bin', Buffer.alloc(40_000_000, 7))])
  const { url } = await client.openFile({ params: { id }, query: {} })
  const folder = join(parley.dataDir, 'files')
  const open = () =>
    openFiles(parley.pid('chat-server') ?? 0, folder).filter((file) => !file.includes('unfinished'))
  const { socket } = byHand(parley.url, [`GET ${url} HTTP/1.1`])
  socket.pause()
  const sip = setInterval(() => void socket.read(1), 1000)
  await expect.poll(open).toHaveLength(1)
  await expect.poll(open, { timeout: 200_000 }).toEqual([])
  clearInterval(sip)
  socket.destroy()
  await client.deleteFile({ params: { id } })
}

// With the limits that are in force: half a minute for who sends, one to two for who reads.
test(
  'FI-03: who sends or reads a byte a second is cut off, and nothing of it is held',
  { tag: '@slow' },
  async ({ parley, sql }) => {
    test.setTimeout(240_000)
    await Promise.all([readSlowly(parley), sendSlowly(parley, sql)])
  },
)
