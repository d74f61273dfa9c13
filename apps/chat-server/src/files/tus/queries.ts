import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { type Quotas, keptHours } from '../queries.ts'

export interface Upload {
  id: number
  storage_key: string
  state: 'pending' | 'stored' | 'attached' | 'avatar' | 'icon'
  length: number
  metadata: string | null
  expires_at: string
}

interface Wish {
  ownerId: number
  name: string
  length: number
  metadata: string | null
}

/** An upload that is to come, with its whole length reserved. Undefined where there is no room. */
export async function begin(
  db: Db,
  { ownerId, name, length, metadata }: Wish,
  { userQuota, instanceQuota }: Quotas,
): Promise<Upload | undefined> {
  const begun = await db.maybe(sql<Omit<Upload, 'state'>>`
    with begun as (
      select f.id, f.storage_key
      from begin_file(${ownerId}, ${name}, ${length}, ${userQuota}, ${instanceQuota}) f
      where f.id is not null
    ), kept as (
      insert into file_uploads (file_id, length, metadata)
      select b.id, ${length}, ${metadata} from begun b
      returning file_id, length, metadata, created_at
    )
    select coalesce(b.id, 0) as id, coalesce(b.storage_key::text, '') as storage_key,
      k.length, k.metadata,
      coalesce(k.created_at + ${keptHours} * interval '1 hour', now()) as expires_at
    from begun b join kept k on k.file_id = b.id`)
  return begun && { ...begun, state: 'pending' }
}

/** Somebody’s upload, which may be finished already; undefined for what is another’s or not there. */
export const find = (db: Db, id: number, ownerId: number) =>
  db.maybe(sql<Upload>`
    select f.id, f.storage_key::text as storage_key, f.state, u.length, u.metadata,
      u.created_at + ${keptHours} * interval '1 hour' as expires_at
    from files f join file_uploads u on u.file_id = f.id
    where f.id = ${id} and f.owner_id = ${ownerId}
      and u.created_at > now() - ${keptHours} * interval '1 hour'`)
