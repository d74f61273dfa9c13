import { PassThrough, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'

export interface Entry {
  path: string
  source: Readable
  /** Bytes, where they are known. */
  size?: number
  /** Whether it gets smaller by that: pictures and films do not. */
  compress: boolean
}

/**
 * A zip that is made while it is read, one entry after the other: what is not read is not asked for. An
 * entry that fails, or the loss of whoever reads, ends it without its end, so that nobody takes it for whole.
 */
export function archiveOf(entries: AsyncIterable<Entry>): Readable {
  const zip = new ZipFile()
  const output = readable(zip.outputStream)
  zip.on('error', (error: Error) => output.destroy(error))

  async function add({ path, source, size, compress }: Entry): Promise<void> {
    const lost = (): void => void source.destroy()
    output.once('close', lost)
    try {
      zip.addReadStream(source, path, { compress, ...(size !== undefined && { size }) })
      await finished(source, { writable: false })
    } finally {
      output.off('close', lost)
    }
  }

  async function addAll(): Promise<void> {
    for await (const entry of entries) {
      if (output.destroyed) return void entry.source.destroy()
      await add(entry)
    }
    zip.end()
  }

  // The listener for 'error' is that of whoever sends it.
  addAll().catch((error: Error) => output.destroy(error))
  return output
}

/** What it is; its types know only what each stream of Node has. */
function readable(stream: NodeJS.ReadableStream): Readable {
  if (stream instanceof PassThrough) return stream
  throw new Error('the archive is no stream that can be ended')
}
