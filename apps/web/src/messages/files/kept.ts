import { type Database, nameOf, open } from '../outbox/store.ts'
import type { Attached, KeptFile } from './attached.ts'
import type { Half } from './upload.ts'

/**
 * A file that is larger, in bytes, is not kept until it is uploaded: after a reload it is to be chosen
 * again. It is what a server takes at the most, if nobody says otherwise.
 */
const mostKept = 100 * 1024 ** 2

/** What was attached, how far its uploads are, and the keys of what is to be sent with messages already. */
export interface Kept {
  files: readonly KeptFile[]
  halves: ReadonlyMap<string, Half>
  sent: ReadonlySet<string>
}

export interface KeptFiles {
  load(): Promise<Kept>
  /** Resolves when it is on the disk, or cannot be. */
  put(file: KeptFile): Promise<void>
  /** What is known of it, and not its bytes. */
  change(file: Attached): void
  putHalf(key: string, half: Half): void
  drop(key: string): Promise<void>
}

const isKept = ({ key, chat_id, file }: Partial<KeptFile>): boolean =>
  typeof key === 'string' &&
  typeof chat_id === 'number' &&
  typeof file?.name === 'string' &&
  Array.isArray(file.renditions)

const begin = (database: Database) => database.transaction(['files', 'halves'], 'readwrite')
type Writing = ReturnType<typeof begin>

/** A page that goes away does not wait for what is not committed. */
async function commit(
  database: Database,
  act: (writing: Writing) => Promise<unknown>[],
): Promise<void> {
  const writing = begin(database)
  const writes = act(writing)
  writing.commit()
  await Promise.all([...writes, writing.done])
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
  const on = (work: (database: Database) => Promise<void>): Promise<void> =>
    opening
      .then((database) => (database && !closed ? work(database) : undefined))
      .catch(() => undefined)
  const write = (act: Parameters<typeof commit>[1]) => on((database) => commit(database, act))
  const drop = (key: string) =>
    write((writing) => [
      writing.objectStore('files').delete(key),
      writing.objectStore('halves').delete(key),
    ])

  return {
    drop,
    async load() {
      const none = { files: [], halves: new Map(), sent: new Set<string>() }
      const database = await opening
      if (!database) return none
      try {
        const [files, halves, queue] = await Promise.all([
          database.getAll('files'),
          database.getAll('halves'),
          database.getAll('queue'),
        ])
        const keys = new Set(files.map(({ key }) => key))
        // Its file went with the message.
        for (const { key } of halves) if (!keys.has(key)) void drop(key)
        return {
          files: files.filter(isKept),
          halves: new Map(halves.map((half) => [half.key, half])),
          sent: new Set(queue.flatMap(({ files = [] }) => files.map(({ key }) => key))),
        }
      } catch {
        return none
      }
    },
    put: (file) =>
      write((writing) => {
        const isMuch = (file.blob?.size ?? 0) > mostKept
        const puts: Promise<unknown>[] = [
          writing.objectStore('files').put(isMuch ? { ...file, blob: undefined } : file),
        ]
        // Whole, it is half no more.
        if (file.file.id > 0) puts.push(writing.objectStore('halves').delete(file.key))
        return puts
      }),
    change: (file) => void on((database) => change(database, file)),
    putHalf: (key, half) =>
      void write((writing) => [writing.objectStore('halves').put({ ...half, key })]),
  }
}
