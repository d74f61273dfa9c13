import type { VirtualizerHandle } from 'virtua/vue'
import type { Row } from '../rows.ts'

type Cache = VirtualizerHandle['cache']

interface Sizes {
  readonly rows: readonly Row[]
  /** Of the window: in another one lines break elsewhere. */
  readonly width: number
  readonly sizes: Cache
}

/** By chat; those left last are at the end. */
const known = new Map<number, Sizes>()
const mostChats = 30
const mostRows = 2_000

/** Keeps how high the rows of a list are that goes away. */
export function rememberSizes(chatId: number, rows: readonly Row[], sizes: Cache): void {
  known.delete(chatId)
  if (rows.length > mostRows) return
  known.set(chatId, { rows, width: innerWidth, sizes })
  for (const oldest of known.keys()) {
    if (known.size <= mostChats) break
    known.delete(oldest)
  }
}

/** How high they were when they were shown last, so that a list is at its place in one pass. */
export function sizesOf(chatId: number, rows: readonly Row[]): Cache | undefined {
  const kept = known.get(chatId)
  if (!kept || kept.width !== innerWidth || kept.rows.length !== rows.length) return undefined
  const isSame = (index: number): boolean => kept.rows.at(index)?.key === rows.at(index)?.key
  return isSame(0) && isSame(-1) ? kept.sizes : undefined
}
