import {
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  test as base,
  expect,
} from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import pg from 'pg'
import { type RunningParley, startParley } from '../stack/parley.ts'
import { complain } from './complaints.ts'
import { type EventsProxy, startEventsProxy } from './events-proxy.ts'
import { type Mailbox, type Person, password, signInOn, signUpOn } from './person.ts'

export type { Person } from './person.ts'

interface SignUpOptions {
  workspace?: string
  invite?: string
  /** Complaints of the page that belong to the test, such as of requests that it lets fail. */
  expects?: RegExp
}

export interface Fixtures {
  /** Signs a new person up by the form; `invite` is the path of an invite link. */
  signUp(name: string, options?: SignUpOptions): Promise<Person>
  /** The same person at another device. */
  signIn(person: Person): Promise<Person>
  /** The path of a new invite to the first workspace of the person. */
  invite(person: Person): Promise<string>
  /** What the person can do without the page: another session. */
  clientOf(person: Person): Promise<Client>
  /** A browser of its own, whose pages complain. */
  device(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Runs a statement past every server. */
  sql(statement: string, values?: unknown[]): Promise<pg.QueryResultRow[]>
  /** Complaints of the pages that are expected here. */
  tolerate(pattern: RegExp): void
}

export interface WorkerFixtures {
  /** Real servers and a database. */
  parley: RunningParley
  /** What lies between the browsers and the event stream. */
  events: EventsProxy
  /** Where the servers send mail. */
  mailbox: Mailbox | undefined
}

let people = 0

/** Real servers and a database for each worker; whatever a page complains about is a failure. */
export const test = base.extend<
  Fixtures & { complaints: { said: string[]; fine: RegExp[] } },
  WorkerFixtures
>({
  events: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const proxy = await startEventsProxy()
      await use(proxy)
      await proxy.stop()
    },
    { scope: 'worker' },
  ],
  mailbox: [undefined, { scope: 'worker' }],
  parley: [
    async ({ events }, use) => {
      const parley = await startParley({
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_EVENTS_URL: events.url,
      })
      events.leadTo(parley.eventsUrl)
      await use(parley)
      await parley.stop()
    },
    // A build of the client may be in it.
    { scope: 'worker', timeout: 120_000 },
  ],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
  async complaints({}, use) {
    const complaints = { said: [] as string[], fine: [] as RegExp[] }
    await use(complaints)
    const { said, fine } = complaints
    expect(said.filter((text) => !fine.some((pattern) => pattern.test(text)))).toEqual([])
  },
  async tolerate({ complaints }, use) {
    await use((pattern) => void complaints.fine.push(pattern))
  },
  async device({ browser, parley, events, complaints }, use) {
    const contexts: BrowserContext[] = []
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: parley.url, ...options })
      contexts.push(context)
      const urls = [parley.url, events.url]
      await complain(context, urls, (text) => complaints.said.push(text))
      return context
    })
    for (const context of contexts) await context.close()
    events.become('pass')
    events.alter()
  },
  async signUp({ device, complaints, mailbox }, use) {
    await use(async (name, { workspace, invite, expects } = {}) => {
      if (expects) complaints.fine.push(expects)
      const unique = `${name}-${process.pid}-${++people}`
      const person = {
        name: unique,
        email: `${unique}@example.org`,
        workspace: workspace ?? `Acme ${process.pid} ${++people}`,
        invite,
      }
      return signUpOn(await device(), person, mailbox)
    })
  },
  async signIn({ device }, use) {
    await use(async ({ name, email }) => signInOn(await (await device()).newPage(), name, email))
  },
  async clientOf({ parley }, use) {
    await use(async ({ email }) => {
      const client = createClient({ url: parley.url })
      await client.signIn({ body: { email, password } })
      return client
    })
  },
  async invite({ clientOf }, use) {
    await use(async (person) => {
      const client = await clientOf(person)
      const { workspaces } = await client.listWorkspaces()
      const { code } = await client.createInvite({
        params: { id: workspaces[0]?.id ?? 0 },
        body: {},
      })
      return `/i/${code}`
    })
  },
  async sql({ parley }, use) {
    const pool = new pg.Pool({ connectionString: parley.databaseUrl(), max: 1 })
    await use(async (statement, values = []) => {
      const { rows } = await pool.query<pg.QueryResultRow>(statement, values)
      return rows
    })
    await pool.end()
  },
})

/** The server has taken the message of this row. That it is not yet taken is said a moment late. */
export const acknowledged = (row: Locator): Promise<void> =>
  expect(row).toHaveAttribute('data-id', /^\d+$/)

export { expect }
