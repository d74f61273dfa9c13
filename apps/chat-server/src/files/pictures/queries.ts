import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import type { Stored } from '@parley/core/storage/storage'

/** What stands for a person, or for a workspace. */
export type Use = 'avatar' | 'icon'

export interface Own {
  storage_key: string
  mime: string
}

/** A file of somebody's own that hangs on nothing. */
export const findOwn = (db: Db, ownerId: number, fileId: number) =>
  db.maybe(sql<Own>`
    select storage_key::text as storage_key, mime from files
    where id = ${fileId} and owner_id = ${ownerId} and state = 'stored'`)

/**
 * A key for bytes that are to come. It waits among the garbage, so that they go if nothing comes of them;
 * much longer than any request takes.
 */
export const newKey = async (db: Db): Promise<string> =>
  (
    await db.one(sql<{ key: string }>`
      insert into file_garbage (key, queued_at)
      values (gen_random_uuid()::text, clock_timestamp() + interval '1 hour') returning key`)
  ).key

/** Nothing comes of these bytes: they go as soon as may be. */
export const giveUp = (db: Db, key: string) =>
  db.run(sql`update file_garbage set queued_at = clock_timestamp() where key = ${key}`)

export interface Square extends Stored {
  key: string
  /** Pixels. */
  side: number
}

/** Puts the square in the place of the file; false where that is not there for it any more. */
export const become = async (
  db: Db,
  file: { id: number; ownerId: number; use: Use },
  { key, side, size, sha256 }: Square,
): Promise<boolean> =>
  (
    await db.one(sql<{ became: boolean | null }>`
      select become_picture(${file.id}, ${file.ownerId}, ${file.use}, ${key}, ${side}, ${size},
        ${sha256})::boolean as became`)
  ).became === true
