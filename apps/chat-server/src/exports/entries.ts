import { Readable } from 'node:stream'
import type { Server } from '../server.ts'
import type { Entry } from './archive.ts'
import { parts } from './content/all.ts'
import { ownFiles, placeOf } from './content/files.ts'
import type { Part } from './content/part.ts'

interface Office extends Pick<Server, 'pool' | 'storage' | 'log'> {
  /** Throws where it may not go on. */
  check: () => Promise<void>
}

/** An array in JSON, a page of rows at a time. */
async function* arrayOf({ pool, check }: Office, part: Part, userId: number) {
  let separator = '[\n'
  for await (const rows of part.read(pool, userId)) {
    await check()
    for (let at = 0; at < rows.length; at += 100) {
      yield separator + rows.slice(at, at + 100).join(',\n')
      separator = ',\n'
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

/** The entries of somebody's archive, each made when the one before has gone. */
export async function* entriesOf(office: Office, userId: number): AsyncGenerator<Entry> {
  for (const part of parts) {
    await office.check()
    const source = Readable.from(arrayOf(office, part, userId), { objectMode: false })
    yield { path: part.name, source, compress: true }
  }
  for await (const page of ownFiles(office.pool, userId)) {
    for (const file of page) {
      await office.check()
      const source = await office.storage.read(file.storage_key)
      if (source) yield { path: placeOf(file), source, size: file.size, compress: false }
      // Deleted since the page was read, or lost: the rest is not held up by it.
      else office.log.warn({ file_id: file.id }, 'the storage has not what an export has')
    }
  }
}
