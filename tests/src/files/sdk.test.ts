import { isRefused, createClient } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from '../input/kit.ts'
import { type World, makeWorld } from '../input/world.ts'

let server: ChatServer
let world: World
beforeAll(async () => {
  server = await startChat({ PARLEY_MAX_FILE_SIZE: '1 MiB' })
  world = await makeWorld(server)
})
afterAll(() => server.stop())

const formOf = (...texts: string[]): FormData => {
  const form = new FormData()
  for (const [n, text] of texts.entries()) form.append('file', new Blob([text]), `${n}.txt`)
  return form
}

test('a client uploads, sends and gets files with the calls that it has for everything', async () => {
  const client = createClient({ url: server.url, token: world.token })
  const { files } = await client.uploadFiles({ body: formOf('one', 'two') })
  const ids = files.map(({ id }) => id)
  const chat = world.ids['chats'] ?? 0
  const message = await client.sendMessage({
    params: { id: chat },
    body: { content: '', files: ids },
  })
  expect(message.files).toEqual(files)
  const { urls } = await client.listFileUrls({ query: { ids } })
  const texts = await Promise.all(
    urls.map(async ({ url }) => (await fetch(new URL(url, server.url))).text()),
  )
  expect(texts.toSorted()).toEqual(['one', 'two'])
  const { url } = await client.openFile({ params: { id: ids[0] ?? 0 }, query: { download: true } })
  const { headers } = await fetch(new URL(url, server.url))
  expect(headers.get('content-disposition')).toContain('attachment; filename="0.txt"')
})

test('a file that is too large is refused with how large it may be', async () => {
  const client = createClient({ url: server.url, token: world.token })
  const upload = client.uploadFiles({ body: formOf('x'.repeat(1024 * 1024 + 1)) })
  const error = await upload.catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'file_too_large', limit: 1024 * 1024 })
  expect(isRefused(error)).toBe(true)
})
