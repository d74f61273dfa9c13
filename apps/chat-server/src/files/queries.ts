import type { File } from '@parley/contract'
import type { Rendition } from '@parley/core/access/file'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import type { Stored } from '@parley/core/storage/storage'
import { isInspected } from '@parley/media'

/** How long a file may hang on no message, and an upload take, in hours. */
export const keptHours = 24

/** In bytes; 0 is none. */
export interface Quotas {
  userQuota: number
  instanceQuota: number
}

export interface Begun {
  id: number
  storage_key: string
}

/** A file that is to come, with so many bytes reserved. Undefined where there is no room. */
export const begin = (
  db: Db,
  { ownerId, name, bytes }: { ownerId: number; name: string; bytes: number },
  { userQuota, instanceQuota }: Quotas,
) =>
  db.maybe(sql<Begun>`
    select coalesce(f.id, 0) as id, coalesce(f.storage_key::text, '') as storage_key
    from begin_file(${ownerId}, ${name}, ${bytes}, ${userQuota}, ${instanceQuota}) f
    where f.id is not null`)

/** Reserves more for a file on its way; false where there is no room. */
export const grow = async (
  db: Db,
  fileId: number,
  bytes: number,
  { userQuota, instanceQuota }: Quotas,
): Promise<boolean> =>
  (
    await db.one(sql<{ grown: boolean }>`
      select coalesce(grow_file(${fileId}, ${bytes}, ${userQuota}, ${instanceQuota})::boolean, false)
        as grown`)
  ).grown

/**
 * The file is there, and what was reserved beyond its size is free again; it waits to be looked into where
 * something can be found. Undefined where it was removed.
 */
export const finish = async (
  db: Db,
  fileId: number,
  { size, sha256 }: Stored,
  mime: string,
): Promise<File | undefined> =>
  shown(
    await db.maybe(sql<{ file: unknown }>`
      update files f set state = 'stored', size = ${size}, sha256 = ${sha256}, mime = ${mime},
        created_at = now(), looked_at = case when ${!isInspected(mime)} then now() end
      where f.id = ${fileId} and f.state = 'pending'
      returning file_json(f) as file`),
  )

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- file_json makes it so
const shown = (row: { file: unknown } | undefined) => row?.file as File | undefined

/** Files as they are now, in this order. */
export const listed = async (db: Db, ids: readonly number[]): Promise<File[]> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- file_json makes them so
  (
    await db.one(sql<{ files: unknown }>`
      select coalesce(listed_files(${[...ids]}::bigint[])::jsonb, '[]') as files`)
  ).files as File[]

/** Says what an owner says of their file. Undefined where it is not theirs, or nothing they may see. */
export const caption = async (
  db: Db,
  userId: number,
  fileId: number,
  alt: string | null,
): Promise<File | undefined> =>
  shown(
    await db.maybe(sql<{ file: unknown }>`
      select file_json(f) as file from caption_file(${userId}, ${fileId}, ${alt}) f
      where f.id is not null`),
  )

/** Removes a file that hangs on nothing; its bytes follow. */
export const drop = (db: Db, fileId: number, ownerId: number) =>
  db.run(sql`
    delete from files where id = ${fileId} and owner_id = ${ownerId} and state in ('pending', 'stored')`)

export interface Facts {
  /** Pixels. */
  width: number | null
  height: number | null
  blur_hash: string | null
  duration_ms: number | null
  text_preview: string | null
  renditions: Rendition[]
}

/**
 * Stores what looking into a file told; whoever has its message hears of it by `MessageUpdated`. False
 * where the file is gone: then its renditions are nobody's.
 */
export const filledIn = async (db: Db, fileId: number, facts: Facts): Promise<boolean> =>
  (
    await db.one(sql<{ there: boolean }>`
      select coalesce(describe_file(${fileId}, ${JSON.stringify(facts)}::jsonb)::boolean, false)
        as there`)
  ).there
