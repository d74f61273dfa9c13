import { startMailServer } from '@parley/core/testing/mail-server'
import { startParley } from '../stack/parley.ts'
import { expect, test as base } from './fixtures.ts'

type MailServer = Awaited<ReturnType<typeof startMailServer>>

/** Servers that send mail, to a mailbox that the test reads. */
export const test = base.extend<object, { mail: MailServer }>({
  mail: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names from the pattern
    async ({}, use) => {
      const mail = await startMailServer()
      await use(mail)
      await mail.stop()
    },
    { scope: 'worker' },
  ],
  parley: [
    async ({ events, mail }, use) => {
      const parley = await startParley({
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_LOG_LEVEL: 'warn',
        PARLEY_EVENTS_URL: events.url,
        PARLEY_SMTP_URL: mail.url,
        PARLEY_MAIL_FROM: 'Parley <parley@example.org>',
      })
      events.leadTo(parley.eventsUrl)
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  mailbox: [
    async ({ mail }, use) => {
      await use(async (email, page) => {
        const link = () => secretIn(mail, email, page)
        await expect.poll(link, { timeout: 30_000 }).toBeDefined()
        return link() ?? ''
      })
    },
    { scope: 'worker' },
  ],
})

const secretIn = ({ received }: MailServer, email: string, page: string): string | undefined => {
  const text = received.findLast(({ to }) => to.includes(email))?.text.replaceAll(/=\r\n/g, '')
  return new RegExp(`http://\\S+/${page}#([\\w-]{43})`).exec(text ?? '')?.[1]
}
