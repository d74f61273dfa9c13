/// <reference lib="dom" />
import type { Locator, Page } from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import { isAccessible } from './a11y-checks.ts'
import { leaveNothing } from './cache.ts'
import { type Person, expect, test } from './fixtures.ts'
import { made, stored } from './files-world.ts'
import { worldOf } from './list-world.ts'
import { password } from './person.ts'
import { colours, png } from './pictures.ts'
import { chooseFrom, title } from './places.ts'

const [red, green] = colours

/** The colour in the middle of a picture that is shown there, each channel to the nearest 32; '' for none. */
const colourOf = (place: Locator): Promise<string> =>
  place.evaluate((place) => {
    const image = place.querySelector('img')
    if (!image || image.naturalWidth === 0) return ''
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 1
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, 1, 1)
    const [r = 0, g = 0, b = 0] = context?.getImageData(0, 0, 1, 1).data ?? []
    return [r, g, b].map((part) => Math.round(part / 32)).join(' ')
  })
const tone = (colour: string): string =>
  [1, 3, 5].map((at) => Math.round(Number.parseInt(colour.slice(at, at + 2), 16) / 32)).join(' ')
const shows = (place: Locator, colour: string) =>
  expect.poll(() => colourOf(place)).toBe(colour === '' ? '' : tone(colour))

const choose = (page: Page, name: string, bytes: Buffer | string) =>
  page
    .locator('input[type=file][accept^=image]')
    .setInputFiles({ name, mimeType: 'image/png', buffer: Buffer.from(bytes) })

const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click()
const toSettings = (page: Page) => page.getByRole('link', { name: 'Settings' }).click()

/** The head of what somebody said. */
const said = (page: Page, text: string): Locator =>
  page.getByRole('article').filter({ hasText: text })
const bar = (page: Page): Locator => page.locator('footer')

/** Gives the client's account a picture. */
async function wear(client: Client, colour: string): Promise<void> {
  const [avatar_id = 0] = await stored(client, [made('me.png', png(200, 160, colour))])
  await client.updateMe({ body: { avatar_id } })
}

/** Counts what is asked for of pictures: their addresses, and themselves. */
function asked(page: Page) {
  const counts = { addresses: 0, pictures: 0 }
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname === '/api/files/urls') counts.addresses++
    if (/^\/files\/\d+$/.test(pathname) && search !== '') counts.pictures++
  })
  return counts
}

async function two(
  signUp: (name: string, more?: object) => Promise<Person>,
  invite: (one: Person) => Promise<string>,
) {
  const ann = await signUp('ann')
  const bob = await signUp('bob', { invite: await invite(ann) })
  return { ann, bob }
}

test('a picture is seen by others at once: set, changed, and taken away', async ({
  signUp,
  invite,
}) => {
  const { ann, bob } = await two(signUp, invite)
  await ann.send('Who am I?')
  const row = said(bob.page, 'Who am I?')
  await expect(row).toBeVisible()
  await shows(row, '')

  const { page } = ann
  await toSettings(page)
  const field = page.getByRole('group', { name: 'Picture' })
  await choose(page, 'wide.png', png(900, 300, red))
  await shows(field, red)
  await expect(field.getByRole('status')).toHaveText('Save to keep this.')
  // Nothing happens before it is saved.
  await shows(bar(page), '')
  await save(page)
  await expect(page.getByText('Saved.')).toBeVisible()
  await shows(bar(page), red)
  await shows(row, red)

  await choose(page, 'tall.png', png(200, 600, green))
  await save(page)
  await shows(row, green)
  await shows(bar(page), green)

  await field.getByRole('button', { name: 'Remove picture' }).click()
  await save(page)
  await shows(row, '')
  await shows(bar(page), '')
  await expect(field.getByRole('button')).toHaveText(['Choose picture'])
})

test('what is no picture is refused, and said so', async ({ signUp, tolerate }) => {
  const { page } = await signUp('ann')
  await toSettings(page)
  const field = page.getByRole('group', { name: 'Picture' })
  await choose(page, 'page.png', '<!doctype html><script>alert(1)</script>')
  await expect(field.getByRole('alert')).toHaveText('This can’t be opened as a picture.')
  await choose(page, 'good.png', png(64, 64, red))
  await expect(field.getByRole('alert')).toHaveCount(0)
  // Where the server is who cannot open it, that is said too, and nothing of it stays.
  tolerate(/422/)
  await page.route('**/api/me', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    const status = 422
    const body = { code: 'not_a_picture', status, type: '', title: '', detail: '', request_id: '' }
    await route.fulfill({ status, json: body, contentType: 'application/problem+json' })
  })
  const removed = page.waitForRequest((request) => request.method() === 'DELETE')
  await save(page)
  await expect(page.getByText('This can’t be opened as a picture.')).toBeVisible()
  expect((await removed).url()).toMatch(/\/api\/files\/\d+$/)
})

test('the keys alone will do, and a picture may be pasted', async ({ signUp }) => {
  const { page } = await signUp('ann')
  // Early: what opens before the browser was told of this opens for nobody.
  const chooser = page.waitForEvent('filechooser')
  await toSettings(page)
  const field = page.getByRole('group', { name: 'Picture' })
  const button = field.getByRole('button', { name: 'Choose picture' })
  await button.focus()
  await page.keyboard.press('Enter')
  await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(80, 80, red) })
  await shows(field, red)
  await button.evaluate(
    async (button, bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(bytes)], 'b.png', { type: 'image/png' }))
      button.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    },
    [...png(80, 80, green)],
  )
  await shows(field, green)
  await isAccessible(page, 'a chosen picture')
  await page.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.press('Enter')
  await shows(bar(page), green)
})

test(
  'a workspace’s icon stands in the rail of those who are in it, or over its channels',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf }) => {
    const { ann, bob } = await two(signUp, invite)
    const tile = (page: Page) => page.getByRole('link', { name: /^Acme/ })
    const { page } = ann
    const alone = page.getByRole('heading', { level: 2 }).getByRole('button', { name: /^Acme/ })
    // Bob is in two workspaces, so he has a rail.
    const place = bob.page.url()
    await leaveNothing(bob.page)
    await (await clientOf(bob)).createWorkspace({ body: { name: `Second of ${bob.name}` } })
    await bob.page.goto(place)
    await expect(tile(bob.page)).toBeVisible()
    const setIcon = async (act: (dialog: Locator) => Promise<unknown>) => {
      await chooseFrom(page, /^Acme/, 'Workspace settings')
      const dialog = page.getByRole('dialog')
      await act(dialog)
      await isAccessible(page, 'an icon')
      await save(page)
      await expect(dialog).toHaveCount(0)
    }
    await setIcon(() => choose(page, 'icon.png', png(300, 300, red)))
    await shows(alone, red)
    await shows(tile(bob.page), red)
    await setIcon((dialog) => dialog.getByRole('button', { name: 'Remove picture' }).click())
    await shows(tile(bob.page), '')
    await shows(alone, '')
  },
)

test('many pictures are asked for together, and each once: not by a switch, nor by looking again', async ({
  signUp,
  parley,
}) => {
  const ann = await signUp('ann')
  const { page } = ann
  const { bob, ann: reader, chat, path, say } = await worldOf(parley, ann)
  await wear(bob, red)
  await wear(reader, green)
  const { workspace_id } = await bob.getChat({ params: { id: chat } })
  const friends: Client[] = []
  for (let n = 0; n < 6; n++) {
    const client = createClient({ url: parley.url })
    const username = `${ann.name}-friend${n}`
    const { code } = await bob.createInvite({ params: { id: workspace_id ?? 0 }, body: {} })
    await client.signUp({
      body: { username, email: `${username}@example.org`, password, invite: code },
    })
    await wear(client, colours[n % colours.length] ?? red)
    friends.push(client)
  }
  const other = await bob.createChat({
    body: { type: 'public_channel', name: 'other', workspace_id: workspace_id ?? 0 },
  })
  await reader.joinChat({ params: { id: other.id } })
  await say('first')
  for (const friend of friends)
    await friend.sendMessage({ params: { id: chat }, body: { content: 'Here' } })
  await bob.sendMessage({ params: { id: other.id }, body: { content: 'there' } })

  const counts = asked(page)
  await page.goto(path)
  const faces = page.getByRole('article').locator('img')
  await expect(faces).toHaveCount(7)
  await shows(bar(page), green)
  await expect.poll(() => counts.pictures).toBe(8)
  expect(counts.addresses).toBe(1)

  const devtools = await page.context().newCDPSession(page)
  for (const name of ['other', 'general', 'other', 'general']) {
    await page.getByRole('link', { name }).click()
    await expect(title(page)).toHaveText(`#${name}`)
    await expect(faces.first()).toBeVisible()
    // What nothing holds any more is gone.
    for (let n = 0; n < 2; n++) await devtools.send('HeapProfiler.collectGarbage')
  }
  await expect(faces).toHaveCount(7)
  expect(
    await faces.evaluateAll((all) =>
      all.every((one) => one.matches('img') && Reflect.get(one, 'naturalWidth') === 128),
    ),
  ).toBe(true)
  expect(counts).toEqual({ addresses: 1, pictures: 8 })
})

test('where a picture cannot be had the initials stay', async ({ signUp, parley, tolerate }) => {
  tolerate(/Failed to load resource/)
  const ann = await signUp('ann')
  const { page } = ann
  const { bob, path, say } = await worldOf(parley, ann)
  await wear(bob, red)
  const [id] = await say('Hello')
  await page.route('**/files/*?*', (route) => route.abort())
  await page.goto(path)
  const row = page.locator(`article[data-id="${id}"]`)
  await expect(row).toBeVisible()
  const failed = page.waitForEvent('requestfailed')
  await failed
  await shows(row, '')
  await expect(row.locator('[aria-hidden=true]').first()).toHaveText(/^[A-Z0-9]{2}\s*$/)
  await page.unroute('**/files/*?*')
  await page.reload()
  await shows(row, red)
  // An address that does no longer is asked for anew.
  await row.locator('img').evaluate((image) => image.setAttribute('src', '/files/1?ended'))
  await shows(row, red)
})
