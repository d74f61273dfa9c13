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

interface SignUpOptions {
  workspace?: string
  invite?: string
  /** Complaints of the page that belong to the test, such as of requests that it lets fail. */
  expects?: RegExp
}

interface Fixtures {
  /** Signs a new person up by the form; `invite` is where an invite link leads. */
  signUp(name: string, options?: SignUpOptions): Promise<Person>
}

let people = 0

/** Real servers and a database for each worker; whatever a page complains about is a failure. */
export const test = base.extend<Fixtures, { parley: RunningParley }>({
  parley: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const parley = await startParley({ PARLEY_RATE_LIMITS: 'off', PARLEY_LOG_LEVEL: 'warn' })
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker' },
  ],
  async signUp({ browser, parley }, use) {
    const contexts: BrowserContext[] = []
    const complaints: string[] = []
    await use(async (name, { workspace, expects } = {}) => {
      const context = await browser.newContext({ baseURL: parley.url })
      contexts.push(context)
      const page = await context.newPage()
      complain(page, parley.url, (text) => {
        if (expects?.test(text) !== true) complaints.push(`${name}: ${text}`)
      })
      return signUp(page, name, workspace ?? `Acme ${++people}`)
    })
    for (const context of contexts) await context.close()
    expect(complaints).toEqual([])
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
