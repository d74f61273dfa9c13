import type { Rendition } from '@parley/core/access/file'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** What the database says that the storage has under a key. */
export interface Blob {
  key: string
  fileId: number
  /** Bytes. */
  size: number
  /** In hex; known for files themselves, not for their renditions. */
  sha256: string | undefined
}

interface Row {
  id: number
  storage_key: string
  size: number
  sha256: string
  renditions: unknown
}

function* blobsOf({ id, storage_key: key, size, sha256, renditions }: Row): Generator<Blob> {
  yield { key, fileId: id, size, sha256 }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- describe_file is given them so
  for (const { name, size: bytes } of renditions as Rendition[])
    yield { key: `${key}.${name}`, fileId: id, size: bytes, sha256: undefined }
}

/** All blobs of files that are stored or attached, oldest files first; read page by page. */
export async function* blobsInRows(db: Db): AsyncGenerator<Blob> {
  let last = 0
  for (;;) {
    const rows = await db.rows(sql<Row>`
      select id, coalesce(storage_key::text, '') as storage_key, size,
        coalesce(encode(sha256, 'hex'), '')::text as sha256, renditions
      from files where id > ${last} and state <> 'pending' order by id limit 5000`)
    for (const row of rows) yield* blobsOf(row)
    const end = rows.at(-1)
    if (end === undefined) return
    last = end.id
  }
}

/** The blobs of one file as the database has them now; none where it is gone. */
export async function blobsOfFile(db: Db, fileId: number): Promise<Blob[]> {
  const row = await db.maybe(sql<Row>`
    select id, coalesce(storage_key::text, '') as storage_key, size,
      coalesce(encode(sha256, 'hex'), '')::text as sha256, renditions
    from files where id = ${fileId} and state <> 'pending'`)
  return row ? [...blobsOf(row)] : []
}

/** Those of these keys that no file has, whether it is stored or on its way. */
export async function unusedKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const unused = new Set(keys)
  for (const some of portions(keys)) {
    const used = await db.rows(sql<{ key: string }>`
      select coalesce(k.key, '') as key from unnest(${some}::text[]) k (key)
      join files f on f.storage_key = split_part(k.key, '.', 1)::uuid
      where k.key = f.storage_key::text or exists (
        select from jsonb_array_elements(f.renditions) r
        where k.key = f.storage_key::text || '.' || (r->>'name'))`)
    for (const { key } of used) unused.delete(key)
  }
  return unused
}

/** Those of these keys that wait for the job that removes them. */
export async function queuedKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const queued = new Set<string>()
  for (const some of portions(keys)) {
    const found = await db.rows(sql<{ key: string }>`
      select key from file_garbage where key = any (${some}::text[])`)
    for (const { key } of found) queued.add(key)
  }
  return queued
}

function* portions(keys: readonly string[]): Generator<string[]> {
  for (let at = 0; at < keys.length; at += 5000) yield keys.slice(at, at + 5000)
}
