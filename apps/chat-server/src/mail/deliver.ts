import { createHash, randomBytes } from 'node:crypto'
import type { Config } from '@parley/core/config/load'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import type { Mail } from '@parley/core/mail/mail'
import { type Letter, dropMail, postponeMail, takeMail } from '@parley/core/mail/queue'
import { changedLetter, knownLetter, resetLetter, signUpLetter, wayLetter } from './letters.ts'
import { beginReset, dropReset, findOwner, linkSignUp } from './queries.ts'

interface Office {
  config: Config
  pool: Pool
  masterKey: Buffer
  log: Logger
  mail: Mail
}

/** How long after a failure it is tried again, in seconds; after the last the letter is given up. */
const pauses = [10, 60, 300, 900, 3600]
const everyMs = 5_000

const placeOf = ({ config }: Office) => ({ name: config.instanceName, publicUrl: config.publicUrl })

/** A secret for a link, and what is kept of it. */
function newSecret(): { secret: string; hash: Buffer } {
  const secret = randomBytes(32).toString('base64url')
  return { secret, hash: createHash('sha256').update(secret).digest() }
}

async function sendReset(office: Office, email: string): Promise<void> {
  const { pool, mail } = office
  const { secret, hash } = newSecret()
  const person = await beginReset(pool, email, hash)
  if (!person) return
  try {
    await mail.send(resetLetter(placeOf(office), person.email, secret))
  } catch (error) {
    await dropReset(pool, hash)
    throw error
  }
}

/** A link to finish; or whose address it is already hears that somebody tried. */
async function sendSignUp(office: Office, email: string): Promise<void> {
  const { pool, mail } = office
  const { secret, hash } = newSecret()
  // Tried again, it gets another secret, which takes the place of this one.
  const pending = await linkSignUp(pool, email, hash)
  if (pending) return mail.send(signUpLetter(placeOf(office), pending.email, secret))
  const owner = await findOwner(pool, email)
  if (owner) await mail.send(knownLetter(placeOf(office), owner.email))
}

async function send(office: Office, letter: Letter): Promise<void> {
  const { email } = letter
  switch (letter.kind) {
    case 'reset':
      return sendReset(office, email)
    case 'sign_up':
      return sendSignUp(office, email)
    case 'password_changed':
      return office.mail.send(changedLetter(placeOf(office), email))
    case 'way_changed':
      return office.mail.send(wayLetter(placeOf(office), email, letter.what))
  }
}

/** Sends one letter that is due. False where there is none. */
async function deliverOne(office: Office): Promise<boolean> {
  const { pool, masterKey, log } = office
  const queued = await takeMail(pool, masterKey)
  if (!queued) return false
  try {
    await send(office, queued.letter)
    await dropMail(pool, queued.id)
  } catch (error) {
    const pause = pauses[queued.attempt - 1]
    const next = pause === undefined ? 'given up' : 'tried again'
    // The server's answer may name the address: of the error only its kind is kept.
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    log.warn({ mail: queued.letter.kind, code }, `mail could not be sent, which is ${next}`)
    await (pause === undefined ? dropMail(pool, queued.id) : postponeMail(pool, queued.id, pause))
  }
  return true
}

/** Sends what is due, now and every few seconds, and at once when told to. */
export function startDelivering(office: Office) {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  async function round(): Promise<void> {
    clearTimeout(timer)
    try {
      for (;;) if (stopped || !(await deliverOne(office))) break
    } catch (error) {
      office.log.warn({ err: error }, 'mail cannot be taken from the queue, which is tried again')
    }
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(wake, everyMs)
  }
  function wake(): void {
    running = running.then(round)
  }
  wake()
  return {
    wake,
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
      office.mail.close()
    },
  }
}
