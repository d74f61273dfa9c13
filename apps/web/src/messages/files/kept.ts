import { type Database, nameOf, open } from '../outbox/store.ts'
import type { Attached, KeptFile } from './attached.ts'

/** A file that is larger, in bytes, is not kept until it is uploaded: after a reload it is to be chosen again. */
const mostKept = 50 * 1024 ** 2

export interface KeptFiles {
  /** What was attached, and the keys of what is to be sent with messages already. */
  load(): Promise<{ files: readonly KeptFile[]; sent: ReadonlySet<string> }>
  put(file: KeptFile): void
  /** What is known of it, and not its bytes. */
  change(file: Attached): void
  drop(key: string): void
  close(): void
}

const isKept = ({ key, chat_id, file }: Partial<KeptFile>): boolean =>
  typeof key === 'string' &&
  typeof chat_id === 'number' &&
  typeof file?.name === 'string' &&
  Array.isArray(file.renditions)

interface Store {
  put(file: KeptFile): Promise<unknown>
  delete(key: string): Promise<unknown>
}
/** A page that goes away does not wait for what is not committed. */
async function commit(database: Database, act: (store: Store) => Promise<unknown>): Promise<void> {
  const transaction = database.transaction('files', 'readwrite')
  const writing = act(transaction.store)
  transaction.commit()
  await Promise.all([writing, transaction.done])
}

async function change(database: Database, file: Attached): Promise<void> {
  const transaction = database.transaction('files', 'readwrite')
  const kept = await transaction.store.get(file.key)
  if (kept) void transaction.store.put({ ...kept, file })
  transaction.commit()
  await transaction.done
}

/** What an account attached, in this browser. Where nothing is kept, all goes on in memory. */
export function openKept(userId: number): KeptFiles {
  let closed = false
  const opening = Promise.resolve()
    .then(() => open(nameOf(userId), () => (closed = true)))
    .catch(() => undefined)
  const on = (work: (database: Database) => Promise<void>) =>
    void opening
      .then((database) => (database && !closed ? work(database) : undefined))
      .catch(() => undefined)
  const write = (act: (store: Store) => Promise<unknown>) => on((database) => commit(database, act))

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
      write((store) =>
        store.put((file.blob?.size ?? 0) > mostKept ? { ...file, blob: undefined } : file),
      ),
    change: (file) => on((database) => change(database, file)),
    drop: (key) => write((store) => store.delete(key)),
    close() {
      closed = true
      void opening.then((database) => database?.close())
    },
  }
}
