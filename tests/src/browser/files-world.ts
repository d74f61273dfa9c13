/// <reference lib="dom" />
import type { Client } from '@parley/sdk'
import type { Locator, Page } from '@playwright/test'
import type { Person } from './fixtures.ts'

/** A file to be sent, as tests make it up. */
export interface Made {
  name: string
  bytes: Buffer
  mime: string
}
export const made = (name: string, bytes: Buffer | string, mime = 'image/png'): Made => ({
  name,
  bytes: Buffer.from(bytes),
  mime,
})

/** Stores files as the client's account, and gives their ids. */
export async function stored(client: Client, files: readonly Made[]): Promise<number[]> {
  const body = new FormData()
  for (const { name, bytes, mime } of files)
    body.append('file', new Blob([new Uint8Array(bytes)], { type: mime }), name)
  const { files: kept } = await client.uploadFiles({ body })
  return kept.map(({ id }) => id)
}

/** Sends files, with a text or without. */
export async function share(
  client: Client,
  chat: number,
  files: readonly Made[],
  content = '',
): Promise<number> {
  const body = { content, files: await stored(client, files) }
  return (await client.sendMessage({ params: { id: chat }, body })).id
}

/** The row of a message. */
export const rowOf = (page: Page, id: number): Locator => page.locator(`article[data-id="${id}"]`)

/** Whether all of a row's pictures are there. */
export const pictured = (row: Locator): Promise<boolean> =>
  row.evaluate((row) => {
    const images = [...row.querySelectorAll('img')]
    return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0)
  })

/** By the button, as a person chooses files. */
export async function choose({ page }: Person, files: readonly Made[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (
    await chooser
  ).setFiles(files.map(({ name, bytes, mime }) => ({ name, mimeType: mime, buffer: bytes })))
}

/** Writes down, in the page, each percentage that is shown of an upload. */
export const watchProgress = (page: Page) =>
  page.evaluate(() => {
    const seen: number[] = []
    new MutationObserver(() => {
      for (const bar of document.querySelectorAll('[role=progressbar]')) {
        const now = Number(bar.getAttribute('aria-valuenow'))
        if (seen.at(-1) !== now) seen.push(now)
      }
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
    Reflect.set(globalThis, 'progress', seen)
  })
/** What `watchProgress` wrote down. */
export const progress = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const seen: unknown = Reflect.get(globalThis, 'progress')
    return Array.isArray(seen) ? seen.map(Number) : []
  })
