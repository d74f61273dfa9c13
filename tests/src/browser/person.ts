import { type BrowserContext, type Page, expect } from '@playwright/test'

export interface Person {
  name: string
  email: string
  page: Page
  context: BrowserContext
  /** Opens a channel or direct message of the sidebar. */
  open(name: string): Promise<void>
  send(text: string): Promise<void>
  /** The texts of the messages that are on the page, in order. */
  messages(): Promise<string[]>
  /** Another tab of the same browser, at the same place unless said. */
  tab(path?: string): Promise<Person>
}

export const password = 'correct horse battery staple'

/** Waits for the parts that load last, such as what offers and sounds: the title is one of them. */
const whole = (page: Page): Promise<void> => expect(page).not.toHaveTitle('Parley')

function personOn(page: Page, name: string, email: string): Person {
  const box = page.getByRole('textbox', { name: /^Message / })
  return {
    name,
    email,
    page,
    context: page.context(),
    open: (chat) => page.getByRole('link', { name: chat }).click(),
    async send(text) {
      await box.fill(text)
      await box.press('Enter')
    },
    messages: () => page.getByRole('article').locator('p').allTextContents(),
    async tab(path = page.url()) {
      const next = await page.context().newPage()
      await next.goto(path)
      await expect(next.getByRole('textbox', { name: /^Message / })).toBeVisible()
      await whole(next)
      return personOn(next, name, email)
    },
  }
}

interface NewPerson {
  name: string
  email: string
  /** The workspace to found, unless an invite leads into one. */
  workspace: string
  invite?: string | undefined
}

/** The secret of the link of this page that was mailed last to an address. */
export type Mailbox = (email: string, page: string) => Promise<string>

/** The server's answer, of who has signed up. */
async function answerOf(
  { request }: BrowserContext,
  { name, email, workspace, invite }: NewPerson,
  mailbox?: Mailbox,
): Promise<string> {
  const where = invite === undefined ? { workspace } : { invite: invite.slice('/i/'.length) }
  const asked = await request.post('/api/signup', {
    data: { username: name, email, password, ...where },
  })
  const answer = mailbox
    ? await request.post('/api/signup/confirm', {
        data: { token: await mailbox(email, 'signup'), password },
      })
    : asked
  expect(answer.status()).toBe(201)
  return answer.text()
}

/** An account made past the form, of which there are tests enough; its browser goes on from the cookie. */
export async function signUpOn(
  context: BrowserContext,
  person: NewPerson,
  mailbox?: Mailbox,
): Promise<Person> {
  const [page, answer] = await Promise.all([context.newPage(), answerOf(context, person, mailbox)])
  // What the client notes of who has a session, so that it asks for theirs.
  const noted = await page.addInitScript({
    content: `{
      const { user } = ${answer}
      localStorage.setItem('parley.session', JSON.stringify(user))
      localStorage.setItem('parley.owner', String(user.id))
    }`,
  })
  await page.goto('/')
  await page.waitForURL(/\/c\//)
  await noted.dispose()
  await whole(page)
  return personOn(page, person.name, person.email)
}

export async function signInOn(page: Page, name: string, email: string): Promise<Person> {
  await page.goto('/signin')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/w\//)
  await whole(page)
  return personOn(page, name, email)
}

export async function signOut(page: Page): Promise<void> {
  const sidebar = page.getByRole('complementary', { name: 'Channels' })
  await sidebar.getByRole('heading', { level: 2 }).getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
}
