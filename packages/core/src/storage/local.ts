import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../start-error.ts'
import { type Storage, type Stored, fullOr, isKey } from './storage.ts'

const unfinished = 'unfinished'
/** What one look at the disk reads, in bytes. */
const readAtOnce = 256 * 1024

const isMissing = (error: unknown): boolean => errorCode(error) === 'ENOENT'

/** What `work` gives, or undefined where the file is not there. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Writes to the disk, not to its cache, what a folder holds. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, source: AsyncIterable<Uint8Array>): Promise<Stored> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of source) {
    hash.update(chunk)
    size += chunk.length
    // One call may write less than all, where the disk is nearly full.
    for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten
  }
  await handle.sync()
  return { size, sha256: hash.digest() }
}

/**
 * Files in a folder: `ab/cd/<key>`, where `abcd` is what the key begins with. Each is written under
 * another name, on the same file system, and takes its own when it is whole and on the disk.
 */
export function createLocalStorage(folder: string): Storage {
  mkdirSync(join(folder, unfinished), { recursive: true, mode: 0o700 })
  const pathOf = (key: string): string => {
    if (!isKey(key)) throw new Error('this is no key of the storage')
    return join(folder, key.slice(0, 2), key.slice(2, 4), key)
  }

  async function place(temporary: string, path: string): Promise<void> {
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await rename(temporary, path)
    await syncFolder(dirname(path))
    if (made === undefined) return
    await syncFolder(dirname(dirname(path)))
    await syncFolder(folder)
  }

  async function* keys(): AsyncGenerator<string> {
    for (const first of await readdir(folder)) {
      if (first.length !== 2) continue
      for (const second of await readdir(join(folder, first)))
        yield* (await readdir(join(folder, first, second))).filter(isKey)
    }
  }

  return {
    async put(key, source) {
      const path = pathOf(key)
      const temporary = join(folder, unfinished, randomUUID())
      try {
        const handle = await open(temporary, 'wx', 0o600)
        let stored: Stored
        try {
          stored = await writeAll(handle, source)
        } finally {
          await handle.close()
        }
        await place(temporary, path)
        return stored
      } catch (error) {
        await rm(temporary, { force: true })
        throw fullOr(error)
      }
    },

    async read(key, range) {
      const handle = await unlessMissing(open(pathOf(key), 'r'))
      return handle?.createReadStream({ ...range, highWaterMark: readAtOnce })
    },

    pathOf,
    remove: (key) => rm(pathOf(key), { force: true }),

    async *list() {
      for await (const key of keys()) {
        const found = await unlessMissing(stat(pathOf(key)))
        if (found) yield { key, size: found.size, writtenAt: found.mtimeMs }
      }
    },

    async tidy(olderThanMs) {
      const before = Date.now() - olderThanMs
      for (const name of await readdir(join(folder, unfinished))) {
        const path = join(folder, unfinished, name)
        const found = await unlessMissing(stat(path))
        if (found && found.mtimeMs < before) await rm(path, { force: true })
      }
    },
  }
}
