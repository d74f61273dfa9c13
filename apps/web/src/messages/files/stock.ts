import type { Half, Upload } from './upload.ts'

export interface StockOptions {
  /** What there is to upload, by key, in order. It is put up to date here. */
  uploads: Map<string, Upload>
  /** To be known after a reload. */
  keep(key: string, half: Half): void
  /** Has the server let go of what it has at a path. */
  dropSent(path: string): unknown
}
export type Stock = ReturnType<typeof createStock>

/** The files that are to go up: their bytes, how far they are, and where the server has its half. */
export function createStock({ uploads, keep, dropSent }: StockOptions) {
  const blobs = new Map<string, Blob>()
  const paths = new Map<string, string>()

  function keepHalf(key: string): void {
    const { state, part } = uploads.get(key) ?? {}
    keep(key, { path: paths.get(key), paused: state === 'paused' ? part : undefined })
  }
  function forget(key: string): void {
    uploads.delete(key)
    blobs.delete(key)
    paths.delete(key)
  }

  return {
    uploads,
    blob: (key: string): Blob | undefined => blobs.get(key),
    path: (key: string): string | undefined => paths.get(key),
    keepHalf,
    forget,
    add(
      { key, name, size }: Pick<Upload, 'key' | 'name' | 'size'>,
      blob: Blob | undefined,
      { path, paused }: Partial<Half> = {},
    ): void {
      if (blob) blobs.set(key, blob)
      if (path !== undefined) paths.set(key, path)
      const state = !blob ? 'lost' : paused === undefined ? 'waiting' : 'paused'
      uploads.set(key, { key, name, size, state, part: paused ?? 0 })
    },
    change(key: string, to: Partial<Upload>): void {
      const upload = uploads.get(key)
      if (upload) uploads.set(key, { ...upload, ...to })
    },
    /** The same bytes, from elsewhere. */
    replace: (key: string, blob: Blob): unknown => blobs.set(key, blob),
    /** The server has another place for it, or none any more. */
    move(key: string, path: string | undefined): void {
      // Cancelled as it was begun: nobody else knows of it.
      if (!uploads.has(key)) return void (path !== undefined && dropSent(path))
      if (path === undefined) paths.delete(key)
      else paths.set(key, path)
      keepHalf(key)
    },
    /** The server lets go of what it has. */
    drop(key: string): void {
      const path = paths.get(key)
      forget(key)
      if (path !== undefined) dropSent(path)
    },
  }
}
