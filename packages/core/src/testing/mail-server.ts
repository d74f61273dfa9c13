import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Received {
  to: string[]
  /** Headers and body as they came (RFC 5322). */
  text: string
}

/** A mail server on this machine that keeps what it is given; `refuse` makes it take nothing. */
export async function startMailServer() {
  const received: Received[] = []
  let refuses = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        if (!refuses) received.push({ to, text: Buffer.concat(parts).toString('utf8') })
        done(refuses ? new Error('no room') : null)
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuse: (now: boolean) => void (refuses = now),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
