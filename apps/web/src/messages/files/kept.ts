import { type Database, nameOf, open } from '../outbox/store.ts'
import type { KeptFile } from './attached.ts'

/** A file that is larger, in bytes, is not kept until it is uploaded: after a reload it is to be chosen again. */
const mostKept = 50 * 1024 ** 2

export interface KeptFiles {
  /** What was attached, and the keys of what is to be sent with messages already. */
  load(): Promise<{ files: readonly KeptFile[]; sent: ReadonlySet<string> }>
  put(file: KeptFile): void
  drop(key: string): void
  close(): void
}

const isKept = ({ key, chat_id, file }: Partial<KeptFile>): boolean =>
  typeof key === 'string' &&
  typeof chat_id === 'number' &&
  typeof file?.name === 'string' &&
  Array.isArray(file.renditions)

/** What an account attached, in this browser. Where nothing is kept, all goes on in memory. */
export function openKept(userId: number): KeptFiles {
  let closed = false
  const opening = Promise.resolve()
    .then(() => open(nameOf(userId), () => (closed = true)))
    .catch(() => undefined)
  const work = (act: (database: Database) => Promise<unknown>) =>
    void opening
      .then((database) => (database && !closed ? act(database) : undefined))
      .catch(() => undefined)

  return {
    async load() {
      const none = { files: [], sent: new Set<string>() }
      const database = await opening
      if (!database) return none
      try {
        const [files, queue] = await Promise.all([
          database.getAll('files'),
          database.getAll('queue'),
        ])
        const sent = queue.flatMap(({ files = [] }) => files.map(({ key }) => key))
        return { files: files.filter(isKept), sent: new Set(sent) }
      } catch {
        return none
      }
    },
    put: (file) =>
      work((database) =>
        database.put(
          'files',
          (file.blob?.size ?? 0) > mostKept ? { ...file, blob: undefined } : file,
        ),
      ),
    drop: (key) => work((database) => database.delete('files', key)),
    close() {
      closed = true
      void opening.then((database) => database?.close())
    },
  }
}
