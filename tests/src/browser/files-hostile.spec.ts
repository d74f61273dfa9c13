/// <reference lib="dom" />
import { ParleyError, type createClient } from '@parley/sdk'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { type Made, made, rowOf, share, stored } from './files-world.ts'
import { worldOf } from './list-world.ts'
import { colours, png } from './pictures.ts'

type Client = ReturnType<typeof createClient>

const run = `alert(1);top.ran=1;fetch('https://evil.example/')`
const html = `<!doctype html><script>${run}</script><img src=https://evil.example/x onerror="${run}">`
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"><script>${run}</script><image href="https://evil.example/x"/></svg>`
const hostile: readonly Made[] = [
  made('page.html', html, 'text/html'),
  made('photo.png', html, 'image/png'),
  made('drawing.svg', svg, 'image/svg+xml'),
  made('drawing.png', svg, 'image/png'),
  made(
    'feed.xml',
    `<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script>${run}</script></x>`,
    'text/xml',
  ),
  made('code.js', run, 'text/javascript'),
  made('both.gif', `GIF89a=1;${run}//`, 'image/gif'),
  made(
    'paper.pdf',
    `%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(${run})>>>>`,
    'application/pdf',
  ),
]
const odd = [
  '<img src=x onerror=alert(1)>.png',
  '\u202Egnp.exe',
  'a"b\'c.png',
  `${'long '.repeat(40)}.png`,
]

function hear(page: Page): string[] {
  const heard: string[] = []
  page.on('dialog', (dialog) => {
    heard.push(dialog.message())
    void dialog.dismiss()
  })
  return heard
}

/** Where a file is, as an address of the server. */
const addressOf = async (client: Client, id: number, origin: string): Promise<string> =>
  new URL((await client.openFile({ params: { id }, query: {} })).url, origin).href

test(
  'FI-02: files that would run run nowhere: shown, opened, downloaded, framed, or taken for a script',
  { tag: '@slow' },
  async ({ signUp, parley, tolerate }) => {
    // What the browser refuses to run or to show, it says.
    tolerate(/MIME type|ERR_|Failed to load|Refused|sandboxed|blocked|Blocked|violates|404/)
    const ann = await signUp('ann')
    const { page } = ann
    const heard = hear(page)
    const { bob, chat, path } = await worldOf(parley, ann)
    const ids = await stored(bob, hostile)
    const { id } = await bob.sendMessage({
      params: { id: chat },
      body: { content: '', files: ids },
    })
    await page.goto(path)
    const row = rowOf(page, id)
    await expect(row.getByRole('button', { name: /^Download/ })).toHaveCount(hostile.length - 1)
    for (const { name } of hostile.filter(({ name }) => name !== 'both.gif')) {
      // A browser may drop a download that begins long after its click: one clicks again then.
      await expect(async () => {
        const download = page.waitForEvent('download', { timeout: 5_000 })
        await row.getByRole('button', { name: `Download ${name}` }).click()
        expect((await download).suggestedFilename()).toBe(name)
      }).toPass()
    }
    await row.getByRole('button', { name: 'Open both.gif' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    expect(new URL(page.url()).pathname).toBe(path)

    // A page of the same origin that has no policy of its own.
    const bare = await page.context().newPage()
    const heardThere = hear(bare)
    await bare.route('**/bare', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Bare</title>' }),
    )
    await bare.goto('/bare')
    for (const file of ids) {
      const url = await addressOf(bob, file, parley.url)
      await bare.evaluate(async (url) => {
        for (const tag of ['img', 'script', 'iframe'] as const) {
          const element = document.createElement(tag)
          element.src = url
          await new Promise((done) => {
            element.addEventListener('load', done)
            element.addEventListener('error', done)
            // What becomes a download ends without either.
            setTimeout(done, 300)
            document.body.append(element)
          })
        }
      }, url)
      const tab = await page.context().newPage()
      heardThere.push(...hear(tab))
      await tab.goto(url).catch(() => undefined)
      expect(await tab.evaluate(() => 'ran' in globalThis)).toBe(false)
      await tab.close()
    }
    expect(await bare.evaluate(() => 'ran' in globalThis)).toBe(false)
    expect([...heard, ...heardThere]).toEqual([])
  },
)

test('names of files are names, however they are written', async ({ signUp, parley }) => {
  const ann = await signUp('ann')
  const { page } = ann
  const heard = hear(page)
  const { bob, chat, path } = await worldOf(parley, ann)
  const id = await share(
    bob,
    chat,
    odd.map((name) => made(name, '%PDF-1.7\n', 'application/pdf')),
    'Names',
  )
  await page.goto(path)
  const row = rowOf(page, id)
  const names = row.locator('bdi.truncate')
  await expect(names).toHaveCount(1 + odd.length)
  const { files } = await bob.getMessage({ params: { id: chat, message_id: id } })
  expect((await names.allTextContents()).slice(1)).toEqual(files.map(({ name }) => name))
  expect(await row.locator('img').count()).toBe(0)
  expect(await row.evaluate((row) => row.scrollWidth - row.clientWidth)).toBe(0)
  expect(heard).toEqual([])
})

test('AZ-07: a file of a private chat is nowhere for others, by its address either', async ({
  signUp,
  clientOf,
  invite,
}) => {
  const bob = await signUp('bob')
  const eve = await signUp('eve', { invite: await invite(bob), expects: /404/ })
  const [his, hers] = [await clientOf(bob), await clientOf(eve)]
  const { workspaces } = await his.listWorkspaces()
  const workspace_id = workspaces[0]?.id ?? 0
  const { id: chat } = await his.createChat({
    body: { type: 'private_channel', name: 'hidden', workspace_id },
  })
  const [id = 0] = await stored(his, [made('secret.png', png(9, 9, colours[0]))])
  await his.sendMessage({ params: { id: chat }, body: { content: '', files: [id] } })
  const refused = await hers
    .openFile({ params: { id }, query: {} })
    .catch((error: unknown) => error)
  expect(refused instanceof ParleyError ? refused.status : refused).toBe(404)
  expect(await hers.listFileUrls({ query: { ids: [id] } })).toEqual({ urls: [] })
  expect((await eve.page.goto(`/files/${id}?e=1&u=1&s=${'a'.repeat(43)}`))?.status()).toBe(404)
})
