import { shallowReactive } from 'vue'
import type { Attached } from './attached.ts'

/** What one attached here, as the browser has it: no need to get it from the server. */
const byKey = shallowReactive(new Map<string, string>())
const byId = shallowReactive(new Map<number, string>())
/** So many of files that were sent are kept. */
const mostSent = 30

function drop(url: string | undefined): void {
  if (url !== undefined) URL.revokeObjectURL(url)
}

export function preview(file: Pick<Attached, 'id'> & { key?: string }): string | undefined {
  return byKey.get(file.key ?? '') ?? byId.get(file.id)
}
export function keepPreview(key: string, blob: Blob): void {
  if (!byKey.has(key)) byKey.set(key, URL.createObjectURL(blob))
}
export function dropPreview(key: string): void {
  drop(byKey.get(key))
  byKey.delete(key)
}
/** It is a message's now, and known by its id. */
export function previewSent(key: string, id: number): void {
  const url = byKey.get(key)
  byKey.delete(key)
  if (url === undefined) return
  byId.set(id, url)
  for (const [oldest, old] of byId) {
    if (byId.size <= mostSent) break
    byId.delete(oldest)
    drop(old)
  }
}
