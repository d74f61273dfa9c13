import { type Static, Type } from 'typebox'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { parseJson } from '../json.ts'
import { open, seal } from '../tokens/seal.ts'

/** What may have changed of that which lets somebody in, besides the password. */
const WayChange = Type.Enum([
  'totp_added',
  'totp_removed',
  'recovery_codes_renewed',
  'passkey_added',
  'passkey_removed',
  'openid_linked',
  'openid_unlinked',
  'factors_reset',
])
export type WayChange = Static<typeof WayChange>

/** To an address that somebody typed, which may be nobody's; or to whom an account is. */
export type Letter =
  | { kind: 'reset' | 'password_changed' | 'sign_up'; email: string }
  | { kind: 'way_changed'; email: string; what: WayChange }

export interface Queued {
  id: number
  letter: Letter
  /** Which time it is tried now, from 1. */
  attempt: number
}

const Payload = Type.Object({ email: Type.String(), what: Type.Optional(WayChange) })

/** Has a letter sent soon, and again should it fail. */
export const queueMail = (
  db: Db,
  masterKey: Buffer,
  { kind, ...payload }: Letter,
): Promise<number> =>
  db.run(sql`
    insert into mail_queue (kind, payload_enc)
    values (${kind}, ${seal(masterKey, Buffer.from(JSON.stringify(payload)))})`)

function letterOf(
  kind: Letter['kind'],
  { email, what }: Static<typeof Payload>,
): Letter | undefined {
  if (kind !== 'way_changed') return { kind, email }
  return what && { kind, email, what }
}

/** Takes the next letter that is due, for five minutes; undefined where none is. */
export async function takeMail(db: Db, masterKey: Buffer): Promise<Queued | undefined> {
  const row = await db.maybe(sql<{
    id: number
    kind: 'password_changed' | 'reset' | 'sign_up' | 'way_changed'
    payload_enc: Buffer
    attempts: number
  }>`
    update mail_queue set next_at = now() + interval '5 minutes', attempts = attempts + 1
    where id = (
      select id from mail_queue where next_at <= now() order by next_at limit 1 for update skip locked)
    returning id, kind, payload_enc, attempts`)
  if (!row) return undefined
  const payload = parseJson(open(masterKey, row.payload_enc).toString('utf8'), Payload)
  const letter = payload && letterOf(row.kind, payload)
  if (!letter) throw new Error('a letter of the queue cannot be read')
  return { id: row.id, letter, attempt: row.attempts }
}

export const dropMail = (db: Db, id: number): Promise<number> =>
  db.run(sql`delete from mail_queue where id = ${id}`)

export const postponeMail = (db: Db, id: number, seconds: number): Promise<number> =>
  db.run(sql`
    update mail_queue set next_at = now() + make_interval(secs => ${seconds}::int) where id = ${id}`)
