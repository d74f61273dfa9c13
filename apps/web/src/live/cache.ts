import type { Message } from '@parley/contract'
import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from 'idb'
import { isKept, newest } from './cache-shape.ts'
import type { Kept } from './follow.ts'

interface Schema extends DBSchema {
  state: { key: number; value: Kept & { version: number } }
  messages: {
    key: number
    value: { chat_id: number; messages: readonly Message[]; used: number }
  }
}

/** Of what is kept: another one's records are thrown away. */
const version = 2
const name = 'parley-cache'
const mostChats = 30
const mostMessages = 50
/** A disk that does not answer is no cache, in milliseconds. A machine that is busy with everything is given time. */
const patienceMs = 2_000
const writeMs = 2_000

let db: IDBPDatabase<Schema> | undefined
let messages = new Map<number, readonly Message[]>()
const changed = new Set<number>()
let writing: ReturnType<typeof setTimeout> | undefined

/** Rejects, too, where opening throws at once. */
const open = async (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('state')
      fresh.createObjectStore('messages', { keyPath: 'chat_id' })
    },
    // Another tab forgets everything: this one must not hold it up.
    blocking: (_old, _new, event) => {
      if (event.target instanceof IDBDatabase) event.target.close()
      db = undefined
    },
  })

async function read(userId: number): Promise<Kept | undefined> {
  const opened = await open()
  const reading = opened.transaction(['state', 'messages'])
  const [kept, rows] = await Promise.all([
    reading.objectStore('state').get(userId),
    reading.objectStore('messages').getAll(),
  ])
  if (kept !== undefined && !(kept.version === version && isKept(kept))) throw new Error('broken')
  db = opened
  if (kept === undefined) {
    // Nobody's or somebody else's.
    await Promise.all([opened.clear('state'), opened.clear('messages')])
    return undefined
  }
  messages = newest(rows, mostChats)
  return kept
}

/** A disk that is full or gone takes away the fast start and nothing else. */
const quietly = (work: Promise<unknown> | undefined): void => void work?.catch(() => undefined)

async function openSound(userId: number): Promise<Kept | undefined> {
  try {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), patienceMs)
    })
    return await Promise.race([read(userId), late])
  } catch {
    messages = new Map()
    // Not waited for: another tab may hold it up.
    quietly(deleteDB(name))
    quietly(open().then((opened) => (db = opened)))
    return undefined
  }
}

let opening: { userId: number; kept: Promise<Kept | undefined> } | undefined
/**
 * What the browser kept of the account when it was here last; one that is broken is begun anew. Whoever
 * asks early spares the next one the time.
 */
export function openCache(userId: number): Promise<Kept | undefined> {
  if (opening?.userId !== userId) opening = { userId, kept: openSound(userId) }
  return opening.kept
}

/**
 * Writes all that changed as one, also as the page goes away: it does not wait for what is not
 * committed, and whoever reads has the messages of what the state tells.
 */
async function save(state?: { userId: number; kept: Kept }): Promise<void> {
  clearTimeout(writing)
  writing = undefined
  const lists = [...changed].flatMap((chat_id) => {
    const list = messages.get(chat_id)
    return list ? [{ chat_id, messages: list, used: Date.now() }] : []
  })
  changed.clear()
  const open = db?.transaction(['state', 'messages'], 'readwrite')
  if (!open) return
  for (const list of lists) quietly(open.objectStore('messages').put(list))
  if (state) quietly(open.objectStore('state').put({ ...state.kept, version }, state.userId))
  open.commit()
  await open.done
}

export const rememberState = (userId: number, kept: Kept): void => quietly(save({ userId, kept }))

/** The next page asks for everything: what is kept lacks what was done outside of it. */
export async function forgetState(): Promise<void> {
  try {
    const opened = await open()
    await opened.clear('state')
    opened.close()
  } catch {
    // Then nothing is kept.
  }
}

/** The chat's last messages as they were when it was read last, ascending; from memory. */
export const cachedMessages = (chatId: number): readonly Message[] | undefined =>
  messages.get(chatId)

/** Keeps the last of the chat's messages. Call it whenever the end of a chat was loaded or changed. */
export function rememberMessages(chatId: number, list: readonly Message[]): void {
  messages.delete(chatId)
  messages.set(chatId, list.slice(-mostMessages))
  for (const old of messages.keys()) {
    if (messages.size <= mostChats) break
    forgetChat(old)
  }
  changed.add(chatId)
  writing ??= setTimeout(() => quietly(save()), writeMs)
}

/** Who may not see a chat any more keeps nothing of it. */
function forgetChat(chatId: number): void {
  messages.delete(chatId)
  changed.delete(chatId)
  quietly(db?.delete('messages', chatId))
}

/** Forgets the chats that are not among these. */
export function keepOnly(chats: { has(id: number): boolean }): void {
  for (const id of messages.keys()) if (!chats.has(id)) forgetChat(id)
}

/** Forgets everything, on the disk too. */
export async function purgeCache(): Promise<void> {
  clearTimeout(writing)
  writing = undefined
  messages = new Map()
  changed.clear()
  opening = undefined
  const opened = db
  db = undefined
  await Promise.all([opened?.clear('state'), opened?.clear('messages')])
  opened?.close()
}
