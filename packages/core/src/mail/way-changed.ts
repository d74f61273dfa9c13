import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { type WayChange, queueMail } from './queue.ts'

/** Where mail is sent, and what seals it. */
interface Office {
  post: object | undefined
  masterKey: Buffer
}

/**
 * Has somebody told of a change of what lets them in, in its transaction: it may not have been them. Nobody
 * waits for the letter, so that the next round is soon enough.
 */
export async function tellOwner(
  db: Db,
  { post, masterKey }: Office,
  userId: number,
  what: WayChange,
): Promise<void> {
  if (!post) return
  const owner = await db.maybe(sql<{ email: string }>`
    select email from users where id = ${userId} and status in ('active', 'disabled')`)
  if (owner) await queueMail(db, masterKey, { kind: 'way_changed', email: owner.email, what })
}
