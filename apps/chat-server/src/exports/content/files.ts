import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import type { Part } from './part.ts'

interface OwnFile {
  id: number
  name: string
  mime: string
  size: number
  use: 'attached' | 'avatar' | 'icon' | 'pending' | 'stored'
  chat_id: number | null
  message_id: number | null
  alt: string | null
  text_preview: string | null
  blur_hash: string | null
  width: number | null
  height: number | null
  duration_ms: number | null
  created_at: string
  storage_key: string
}

/** Files that one statement gives. */
const step = 500

/** What one sent, oldest first, a page at a time. */
export async function* ownFiles(db: Db, userId: number): AsyncGenerator<OwnFile[]> {
  for (let after = 0; ;) {
    const page = await db.rows(sql<OwnFile>`
      select id, name, mime, size, state as use, chat_id, message_id, alt, text_preview, blur_hash, width,
        height, duration_ms, created_at, storage_key::text as storage_key
      from files where owner_id = ${userId} and id > ${after} and state <> 'pending'
      order by id limit ${step}`)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.id
  }
}

/**
 * Where a file lies in the archive: its id keeps two of one name apart. No part of it leads out of the
 * folder it is unpacked in, or is what one of the usual systems cannot have in a name.
 */
export const placeOf = ({ id, name }: Pick<OwnFile, 'id' | 'name'>): string =>
  `files/${id}-${name.replace(/[\p{C}\\/:*?"<>|]/gu, '_').replace(/(?<![. ])[. ]+$/, '_')}`

/** What is known of them; their bytes lie beside it. */
export const files: Part = {
  name: 'files.json',
  tables: ['files'],
  async *read(db, userId) {
    for await (const page of ownFiles(db, userId))
      yield page.map((file) => {
        const { storage_key: _key, ...known } = file
        return JSON.stringify({ ...known, place: placeOf(file) })
      })
  },
}
