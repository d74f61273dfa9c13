import { NetworkError } from '@parley/sdk'
import type { File as SharedFile } from '@parley/contract'
import { sendFile } from './transport.ts'
import { type Upload, alone, reasonOf } from './upload.ts'

/** So many files go up beside each other. */
const mostAtOnce = 2
/** How often one that does not get through is tried by itself, and after how long again, in milliseconds. */
const mostTries = 3
const pauseMs = 1_000

interface Options {
  /** What there is to upload, by key, in order. It is put up to date here. */
  uploads: Map<string, Upload>
  connected(): boolean
  done(key: string, file: SharedFile): void
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Brings files to the server, a few at a time; each begun by one tab only. */
export function createRunner({ uploads, connected, done }: Options) {
  const blobs = new Map<string, Blob>()
  const running = new Map<string, AbortController>()

  function change(key: string, to: Partial<Upload>): void {
    const upload = uploads.get(key)
    if (upload) uploads.set(key, { ...upload, ...to })
  }

  /** Whether it is to be tried again at once. */
  async function once(
    key: string,
    blob: Blob,
    signal: AbortSignal,
    last: boolean,
  ): Promise<boolean> {
    const { name = '' } = uploads.get(key) ?? {}
    change(key, { state: 'uploading' })
    try {
      const file = await sendFile(blob, name, {
        signal,
        onProgress(sent) {
          const part = Math.min(1, sent / Math.max(1, blob.size))
          if (part > (uploads.get(key)?.part ?? 1)) change(key, { part })
        },
      })
      blobs.delete(key)
      uploads.delete(key)
      done(key, file)
      return false
    } catch (error) {
      if (signal.aborted) return false
      const isAway = error instanceof NetworkError && !connected()
      const fails = !(error instanceof NetworkError) || (last && !isAway)
      change(
        key,
        fails
          ? { state: 'failed', part: 0, reason: reasonOf(error) }
          : { state: 'waiting', part: 0 },
      )
      return !fails && !isAway
    }
  }
  async function run(key: string, blob: Blob, signal: AbortSignal): Promise<void> {
    for (let tries = 1; await once(key, blob, signal, tries === mostTries); tries++)
      await pause(pauseMs * tries)
  }

  /** Begins as many as may go beside each other. */
  function pump(): void {
    for (const [key, { state }] of uploads) {
      const blob = blobs.get(key)
      if (running.size >= mostAtOnce) return
      if (state !== 'waiting' || running.has(key) || !blob || !navigator.onLine) continue
      const stop = new AbortController()
      running.set(key, stop)
      void alone(key, () => run(key, blob, stop.signal)).finally(() => {
        if (running.get(key) === stop) running.delete(key)
        // What waits for the connection is begun by that.
        if (uploads.get(key)?.state !== 'waiting') pump()
      })
    }
  }

  return {
    pump,
    add({ key, name, size }: Pick<Upload, 'key' | 'name' | 'size'>, blob: Blob | undefined): void {
      if (blob) blobs.set(key, blob)
      uploads.set(key, { key, name, size, state: blob ? 'waiting' : 'lost', part: 0 })
    },
    retry(key: string): void {
      change(key, { state: 'waiting', part: 0 })
      pump()
    },
    /** No further byte of it goes out. */
    drop(key: string): void {
      running.get(key)?.abort()
      running.delete(key)
      uploads.delete(key)
      blobs.delete(key)
      pump()
    },
  }
}
