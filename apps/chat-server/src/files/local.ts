import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Storage } from '@parley/core/storage/storage'

/** Does the work with a folder of its own, which goes with it. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-look-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * The file on this machine: where the storage has it, or else a copy in the folder. Undefined where the
 * storage has none.
 */
export async function localPath(
  storage: Storage,
  key: string,
  folder: string,
): Promise<string | undefined> {
  const path = storage.pathOf?.(key)
  if (path !== undefined) return path
  const bytes = await storage.read(key)
  if (bytes === undefined) return undefined
  const copy = join(folder, 'file')
  await pipeline(bytes, createWriteStream(copy))
  return copy
}
