import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is gone after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-media-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The bytes as a file, and a folder for what is made of it. */
export async function upload(
  bytes: Uint8Array,
  mime: string,
): Promise<{ path: string; mime: string; into: string }> {
  const folder = await emptyFolder()
  const path = join(folder, 'blob')
  await writeFile(path, bytes)
  return { path, mime, into: join(folder, 'renditions') }
}
