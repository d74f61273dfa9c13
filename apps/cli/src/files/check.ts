import type { Db } from '@parley/core/db/connection'
import type { Entry, Storage } from '@parley/core/storage/storage'
import { digestOf, eachAtOnce, inWords, isSame } from './digest.ts'
import { type Blob, blobsInRows, blobsOfFile, queuedKeys, unusedKeys } from './rows.ts'

const aDay = 24 * 3_600_000

export interface Report {
  /** A sentence each. */
  faults: string[]
  /** How many blobs the files have. */
  blobs: number
  /** How many blobs nothing refers to and were removed. */
  removed: number
  /** How many blobs nothing refers to that may be on their way to somebody. */
  young: number
}

/** Files change while they are checked: a fault counts when it is still one at a second look. */
async function isStill(
  db: Db,
  { fileId, key }: Blob,
  wrong: (blob: Blob) => Promise<boolean>,
): Promise<boolean> {
  const now = (await blobsOfFile(db, fileId)).find((blob) => blob.key === key)
  return now !== undefined && wrong(now)
}

async function checkContent(db: Db, storage: Storage, blob: Blob): Promise<string | undefined> {
  const isWrong = async (now: Blob): Promise<boolean> => {
    const found = await digestOf(storage, now.key)
    return found === undefined || !isSame(found, now)
  }
  if (!(await isWrong(blob)) || !(await isStill(db, blob, isWrong))) return undefined
  return `Damaged: file ${blob.fileId} has other bytes than it was given (${blob.key}).`
}

/** Removes what nothing refers to and is older than a day, or says so. */
async function orphans(db: Db, storage: Storage, found: Entry[], fix: boolean, report: Report) {
  const keys = found.map(({ key }) => key)
  const [unused, queued] = [await unusedKeys(db, keys), await queuedKeys(db, keys)]
  for (const { key, size, writtenAt } of found) {
    if (!unused.has(key) || queued.has(key)) continue
    if (Date.now() - writtenAt < aDay) report.young++
    else if (fix) {
      await storage.remove(key)
      report.removed++
    } else report.faults.push(`Unused: nothing refers to ${key} (${inWords(size)}).`)
  }
}

/**
 * Compares the files of the database with the blobs of a storage, while servers use both. `hash` reads
 * all bytes; `fix` removes what nothing refers to and is older than a day.
 */
export async function checkFiles(
  db: Db,
  storage: Storage,
  { hash, fix }: { hash: boolean; fix: boolean },
): Promise<Report> {
  const report: Report = { faults: [], blobs: 0, removed: 0, young: 0 }
  const expected = new Map<string, Blob>()
  for await (const blob of blobsInRows(db)) expected.set(blob.key, blob)
  report.blobs = expected.size

  const present: Blob[] = []
  const strange: Entry[] = []
  for await (const entry of storage.list()) {
    const blob = expected.get(entry.key)
    expected.delete(entry.key)
    if (blob === undefined) strange.push(entry)
    else if (blob.size === entry.size) present.push(blob)
    else if (await isStill(db, blob, async ({ size }) => size !== entry.size))
      report.faults.push(
        `Wrong size: file ${blob.fileId} has ${entry.size} bytes in place of ${blob.size} (${blob.key}).`,
      )
  }
  const isMissing = async ({ key }: Blob): Promise<boolean> => {
    const bytes = await storage.read(key)
    bytes?.destroy()
    return bytes === undefined
  }
  for (const blob of expected.values())
    if (await isStill(db, blob, isMissing))
      report.faults.push(`Missing: the bytes of file ${blob.fileId} (${blob.key}).`)
  if (hash)
    await eachAtOnce(present.values(), 4, async (blob) => {
      const fault = await checkContent(db, storage, blob)
      if (fault !== undefined) report.faults.push(fault)
    })
  await orphans(db, storage, strange, fix, report)
  return report
}
