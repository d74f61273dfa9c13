import type { Page, Route } from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import { type Person, acknowledged, expect } from './fixtures.ts'

/** What a browser says of requests that a test lets fail. */
export const failedRequests = /Failed to load resource|net::ERR_/

/** Where messages are sent to. */
export const sends = '**/api/chats/*/messages'

/** The same account by the API. */
export async function apiOf({ name, page }: Person): Promise<Client> {
  const client = createClient({ url: new URL(page.url()).origin })
  const body = { email: `${name}@example.org`, password: 'correct horse battery staple' }
  await client.signIn({ body })
  return client
}

/** Handles the sends of a page, and leaves its other requests alone. */
export const onSend = (page: Page, handle: (route: Route, attempt: number) => unknown) => {
  let attempts = 0
  return page.route(sends, async (route) => {
    if (route.request().method() === 'POST') await handle(route, ++attempts)
    else await route.fallback()
  })
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, code, title: code, detail: code, request_id: 'test' }),
})

interface Seen {
  /** Elements that were ever the row. */
  rows: number
  /** Most of them at a time. */
  most: number
  /** How often it was gone after it had been there. */
  gone: number
}

/** Runs in the page, where the types of Node do not hold. */
const watching = (text: string): string => `(() => {
  const rows = new Set()
  const seen = { rows: 0, most: 0, gone: 0 }
  const look = () => {
    const now = [...document.querySelectorAll('article')].filter((article) =>
      article.textContent.includes(${JSON.stringify(text)}),
    )
    for (const row of now) rows.add(row)
    seen.rows = rows.size
    seen.most = Math.max(seen.most, now.length)
    if (rows.size > 0 && now.length === 0) seen.gone++
  }
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  })
  return seen
})()`

/** Watches the row of a text from now on; ask for it at the end. */
export async function watchRow(page: Page, text: string): Promise<() => Promise<Seen>> {
  const handle = await page.evaluateHandle<Seen>(watching(text))
  return () => handle.jsonValue()
}

export const oneRow: Seen = { rows: 1, most: 1, gone: 0 }

/** Once on the page, and once on the server. */
export async function expectOnce(person: Person, text: string): Promise<void> {
  const row = person.page.getByRole('article').filter({ hasText: text })
  await expect(row).toHaveCount(1)
  await acknowledged(row)
  const client = await apiOf(person)
  const [, id] = /\/c\/(\d+)/.exec(person.page.url()) ?? []
  const { messages } = await client.listMessages({ params: { id: Number(id) }, query: {} })
  expect(messages.filter(({ content }) => content === text)).toHaveLength(1)
}
