import { createTransport } from 'nodemailer'
import type { Config } from '../config/load.ts'
import type { Logger } from '../log.ts'

export interface Message {
  to: string
  subject: string
  text: string
}

/** What sends mail. Rejects where the server does not take it. */
export interface Mail {
  send(message: Message): Promise<void>
  close(): void
}

/** How long the mail server may take to answer, in milliseconds. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/**
 * The way mail leaves: a server that speaks SMTP (RFC 5321), or, for whoever develops, the log, which is
 * as good as the secrets in it. Undefined where neither is set up: then nothing is offered that needs it.
 */
export function openMail(config: Config, log: Logger): Mail | undefined {
  const { smtpUrl, mailFrom, devMailLog } = config
  if (smtpUrl !== undefined && mailFrom !== undefined) {
    const transport = createTransport({ url: smtpUrl, ...patience, disableFileAccess: true })
    return {
      async send(message) {
        await transport.sendMail({ from: mailFrom, ...message })
      },
      close: () => transport.close(),
    }
  }
  if (!devMailLog) return undefined
  log.warn('PARLEY_DEV_MAIL_LOG is on: mail is written here, with the links that let its reader in')
  return {
    async send({ to, subject, text }) {
      log.warn({ to, subject, text }, 'mail')
    },
    close: () => undefined,
  }
}
