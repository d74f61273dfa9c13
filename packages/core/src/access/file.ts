import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { refuse } from '../http/problem.ts'

/** A smaller picture made of a file, as it is stored. */
export interface Rendition {
  name: string
  mime: string
  size: number
}

/** A file that somebody may see, and where its bytes are. */
export interface VisibleFile {
  id: number
  name: string
  mime: string
  size: number
  sha256: Buffer
  storage_key: string
  renditions: Rendition[]
}

/**
 * Those of these files that somebody may see at this moment: their own that hang on no message, and
 * those of messages that they may read. In no order; the others are left out.
 */
export async function visibleFiles(
  db: Db,
  userId: number,
  ids: readonly number[],
): Promise<VisibleFile[]> {
  const rows = await db.rows(sql<Omit<VisibleFile, 'renditions'> & { renditions: unknown }>`
    select coalesce(f.id, 0) as id, coalesce(f.name, '') as name, coalesce(f.mime, '') as mime,
      coalesce(f.size, 0) as size, coalesce(f.sha256, '') as sha256,
      coalesce(f.storage_key::text, '') as storage_key, coalesce(f.renditions, '[]') as renditions
    from visible_files(${userId}, ${[...ids]}::bigint[]) f`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- describe_file is given them so
  return rows.map((row) => ({ ...row, renditions: row.renditions as Rendition[] }))
}

/** The one way to a file. Refuses with not_found, whether it is hidden or not there. */
export async function authorizeFile(db: Db, userId: number, fileId: number): Promise<VisibleFile> {
  const [file] = await visibleFiles(db, userId, [fileId])
  return file ?? refuse('not_found')
}
