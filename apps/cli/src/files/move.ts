import type { Db } from '@parley/core/db/connection'
import { StartError } from '@parley/core/start-error'
import type { Storage } from '@parley/core/storage/storage'
import { digestOf, eachAtOnce, isSame } from './digest.ts'
import { type Blob, blobsInRows, blobsOfFile, unusedKeys } from './rows.ts'

const atOnce = 4

export interface Copied {
  blobs: number
  /** Of all of them together. */
  bytes: number
  /** Those that neither storage has, or that are damaged: a sentence each. */
  faults: string[]
}

const isGone = async (db: Db, { fileId, key }: Blob): Promise<boolean> =>
  !(await blobsOfFile(db, fileId)).some((blob) => blob.key === key)

/** What a storage has, by key, in bytes. */
async function sizes(storage: Storage): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const { key, size } of storage.list()) found.set(key, size)
  return found
}

async function has(storage: Storage, key: string): Promise<boolean> {
  const bytes = await storage.read(key)
  bytes?.destroy()
  return bytes !== undefined
}

/** Copies a blob; a sentence where that is not possible. What arrives otherwise than it should is removed. */
async function copy(from: Storage, to: Storage, blob: Blob): Promise<string | undefined> {
  const { key, fileId } = blob
  const bytes = await from.read(key)
  if (bytes === undefined)
    return (await has(to, key)) ? undefined : `Missing: the bytes of file ${fileId} (${key}).`
  const { size, sha256 } = await to.put(key, bytes)
  if (isSame({ size, sha256: sha256.toString('hex') }, blob)) return undefined
  await to.remove(key)
  return `Damaged: file ${fileId} has other bytes than it was given (${key}); it was not copied.`
}

/**
 * Copies what files have and the other storage has not, once. Whoever calls it again goes on where it was,
 * and takes what came in the meantime.
 */
export async function copyFiles(db: Db, from: Storage, to: Storage): Promise<Copied> {
  const there = await sizes(to)
  const copied: Copied = { blobs: 0, bytes: 0, faults: [] }
  async function* wanted(): AsyncGenerator<Blob> {
    for await (const blob of blobsInRows(db)) if (there.get(blob.key) !== blob.size) yield blob
  }
  await eachAtOnce(wanted(), atOnce, async (blob) => {
    const fault = await copy(from, to, blob)
    if (await isGone(db, blob)) {
      // It was deleted in the meantime; nobody else would remove the copy.
      await to.remove(blob.key)
    } else if (fault !== undefined) copied.faults.push(fault)
    else {
      copied.blobs++
      copied.bytes += blob.size
    }
  })
  return copied
}

/**
 * Removes from the old storage what the new one has: each is read there to its end and compared before.
 * What no file has goes too, and what waits for its removal. Returns how many went. Throws where a copy is not what it should be.
 */
export async function removeOld(db: Db, from: Storage, to: Storage): Promise<number> {
  const old = await sizes(from)
  let removed = 0
  const remove = async (key: string): Promise<void> => {
    await from.remove(key)
    old.delete(key)
    removed++
  }
  await eachAtOnce(blobsInRows(db), atOnce, async (blob) => {
    if (!old.has(blob.key)) return
    const copied = await digestOf(to, blob.key)
    // A rendition's digest is nowhere but in its bytes.
    const right = blob.sha256 === undefined ? await digestOf(from, blob.key) : blob
    if (copied !== undefined && right !== undefined && isSame(copied, right))
      return remove(blob.key)
    if (!(await isGone(db, blob)))
      throw new StartError(`The copy of ${blob.key} is not what it should be; it stays.`)
  })
  for (const key of await unusedKeys(db, [...old.keys()])) await remove(key)
  return removed
}
