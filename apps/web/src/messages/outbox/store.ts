import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from 'idb'
import type { Draft } from './drafts.ts'
import type { KeptFile, KeptHalf } from '../files/attached.ts'
import type { Pending } from './queue.ts'

interface Schema extends DBSchema {
  queue: { key: string; value: Pending }
  drafts: { key: number; value: Draft }
  /** Written by what uploads them. */
  files: { key: string; value: KeptFile }
  halves: { key: string; value: KeptHalf }
}
export type Database = IDBPDatabase<Schema>

export interface Kept {
  queue: readonly Pending[]
  drafts: readonly Draft[]
}

/** What is written at once, or not at all. */
export interface Change {
  put?: readonly Pending[]
  remove?: readonly string[]
  /** An empty one is removed. */
  drafts?: readonly Draft[]
}

/** What an account wrote and nobody has yet, in this browser. */
export interface Store {
  load(): Promise<Kept>
  write(change: Change): void
  /** Lets go of it; `forget` leaves nothing behind. */
  close(forget: boolean): Promise<void>
}

/** The name of an account's database. */
export const nameOf = (userId: number): string => `parley.outbox.${userId}`

export const open = (name: string, onTaken: () => void): Promise<Database> =>
  openDB<Schema>(name, 3, {
    upgrade(database, before) {
      if (before < 1) {
        database.createObjectStore('queue', { keyPath: 'nonce' })
        database.createObjectStore('drafts', { keyPath: 'chat_id' })
      }
      if (before < 2) database.createObjectStore('files', { keyPath: 'key' })
      database.createObjectStore('halves', { keyPath: 'key' })
    },
    // Another tab signs out: what it deletes must not be held.
    blocking(_current, _next, event) {
      onTaken()
      if (event.target instanceof IDBDatabase) event.target.close()
    },
  })

async function read(database: Database): Promise<Kept> {
  const [queue, drafts] = await Promise.all([database.getAll('queue'), database.getAll('drafts')])
  return { queue: queue.filter(isPending), drafts: drafts.filter(isDraft) }
}

/** An older or broken version may have written it. */
const isPending = ({ nonce, chat_id, content, created_at, state, files = [] }: Pending): boolean =>
  typeof nonce === 'string' &&
  typeof chat_id === 'number' &&
  typeof content === 'string' &&
  !Number.isNaN(Date.parse(created_at)) &&
  Array.isArray(files) &&
  ['sending', 'waiting', 'failed'].includes(state)

const isDraft = ({ chat_id, text, start, end }: Draft): boolean =>
  typeof chat_id === 'number' &&
  typeof text === 'string' &&
  Number.isInteger(start) &&
  Number.isInteger(end)

async function commit(database: Database, change: Change): Promise<void> {
  const { put = [], remove = [], drafts = [] } = change
  const transaction = database.transaction(['queue', 'drafts', 'files'], 'readwrite')
  const queue = transaction.objectStore('queue')
  const kept = transaction.objectStore('drafts')
  const files = transaction.objectStore('files')
  // With a message go its files: alone they would be a draft's. Nobody waits for what removes nothing.
  const gone = remove.length > 0 ? await Promise.all(remove.map((nonce) => queue.get(nonce))) : []
  const writes = [
    ...gone.flatMap((pending) => (pending?.files ?? []).map(({ key }) => files.delete(key))),
    ...put.map((pending) => queue.put(pending)),
    ...remove.map((nonce) => queue.delete(nonce)),
    ...drafts.map((draft) => (draft.text === '' ? kept.delete(draft.chat_id) : kept.put(draft))),
  ]
  // A page that goes away does not wait for what is not committed.
  transaction.commit()
  await Promise.all([...writes, transaction.done])
}

async function empty(database: Database): Promise<void> {
  const stores = ['queue', 'drafts', 'files', 'halves'] as const
  const transaction = database.transaction(stores, 'readwrite')
  await Promise.all([
    ...stores.map((store) => transaction.objectStore(store).clear()),
    transaction.done,
  ])
}

/** A database that cannot be read is made anew: better than one that is never kept again. */
async function openSound(
  name: string,
  onTaken: () => void,
): Promise<{ database: Database; kept: Kept }> {
  try {
    const database = await open(name, onTaken)
    return { database, kept: await read(database) }
  } catch {
    await deleteDB(name)
    const database = await open(name, onTaken)
    return { database, kept: await read(database) }
  }
}

/**
 * Opens what the account has here. Where the browser keeps nothing, or has no room, `onTrouble` says
 * so once, and all goes on in memory.
 */
export function openStore(userId: number, onTrouble: () => void): Store {
  const name = nameOf(userId)
  let closed = false
  let told = false
  const trouble = () => {
    if (!told && !closed) onTrouble()
    told = true
  }
  const opening = openSound(name, () => (closed = true)).catch(() => {
    trouble()
    return undefined
  })

  return {
    async load() {
      return (await opening)?.kept ?? { queue: [], drafts: [] }
    },
    write(change) {
      void opening
        .then((opened) => (opened && !closed ? commit(opened.database, change) : undefined))
        .catch(trouble)
    },
    async close(forget) {
      closed = true
      const opened = await opening
      if (!opened) return
      if (forget) await empty(opened.database).catch(() => undefined)
      opened.database.close()
      // Empty is what counts: a tab that sleeps holds up the rest.
      if (forget) void deleteDB(name).catch(() => undefined)
    },
  }
}
