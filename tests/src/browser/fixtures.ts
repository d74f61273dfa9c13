import { type BrowserContext, type Page, test as base, expect } from '@playwright/test'
import { type RunningParley, startParley } from '../stack/parley.ts'

export interface Person {
  name: string
  page: Page
  /** Opens a channel or direct message of the sidebar. */
  open(name: string): Promise<void>
  send(text: string): Promise<void>
  /** The texts of the messages that are on the page, in order. */
  messages(): Promise<string[]>
}

interface Fixtures {
  /** Signs a new person up by the form; `invite` is where an invite link leads. */
  signUp(name: string, options?: { workspace?: string; invite?: string }): Promise<Person>
  /** Complaints of the pages that are expected here. */
  tolerate(pattern: RegExp): void
}

let people = 0

/** Real servers and a database for each worker; whatever a page complains about is a failure. */
export const test = base.extend<Fixtures & { fine: RegExp[] }, { parley: RunningParley }>({
  parley: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const parley = await startParley({ PARLEY_RATE_LIMITS: 'off', PARLEY_LOG_LEVEL: 'warn' })
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
  async fine({}, use) {
    await use([])
  },
  async tolerate({ fine }, use) {
    await use((pattern) => void fine.push(pattern))
  },
  async signUp({ browser, parley, fine }, use) {
    const contexts: BrowserContext[] = []
    const complaints: string[] = []
    await use(async (name, { workspace } = {}) => {
      const context = await browser.newContext({ baseURL: parley.url })
      contexts.push(context)
      const page = await context.newPage()
      complain(page, parley.url, (text) => complaints.push(`${name}: ${text}`))
      return signUp(page, name, workspace ?? `Acme ${++people}`)
    })
    for (const context of contexts) await context.close()
    const isFine = (text: string) => fine.some((pattern) => pattern.test(text))
    expect(complaints.filter((text) => !isFine(text))).toEqual([])
  },
})

function complain(page: Page, url: string, say: (text: string) => void): void {
  page.on('console', (message) => {
    if (message.type() === 'error') say(message.text())
  })
  page.on('pageerror', (error) => say(String(error)))
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    const ours = [new URL(url).hostname, 'localhost'].includes(hostname)
    if (protocol.startsWith('http') && !ours) say(`asks ${request.url()}`)
  })
}

async function signUp(page: Page, name: string, workspace: string): Promise<Person> {
  const unique = `${name}-${process.pid}-${++people}`
  await page.goto('/signup')
  await page.getByLabel('Name', { exact: true }).fill(unique)
  await page.getByLabel('Email').fill(`${unique}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByLabel('Workspace').fill(workspace)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL(/\/w\//)
  const box = page.getByRole('textbox', { name: /^Message / })
  return {
    name: unique,
    page,
    open: (chat) => page.getByRole('link', { name: chat }).click(),
    async send(text) {
      await box.fill(text)
      await box.press('Enter')
    },
    messages: () => page.getByRole('article').locator('p').allTextContents(),
  }
}

export { expect }
