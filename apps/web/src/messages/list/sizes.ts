import type { VirtualizerHandle } from 'virtua/vue'
import type { Row } from '../rows.ts'

type Heights = VirtualizerHandle['cache']

interface Sizes {
  /** Of the window: in another one lines break elsewhere. */
  readonly width: number
  /** The key of the last row. */
  readonly last: string
  readonly heights: Heights
}

/** By chat; those left last are at the end. */
const known = new Map<number, Sizes>()
const mostChats = 30
const mostRows = 2_000

/** Keeps how high the rows of a list are that goes away. */
export function rememberSizes(chatId: number, rows: readonly Row[], heights: Heights): void {
  const last = rows.at(-1)?.key
  known.delete(chatId)
  if (last === undefined || rows.length > mostRows) return
  known.set(chatId, { width: innerWidth, last, heights })
  for (const oldest of known.keys()) {
    if (known.size <= mostChats) break
    known.delete(oldest)
  }
}

/**
 * How high they were when they were shown last, so that a list is at its place in one pass; what came
 * since is measured.
 */
export function sizesOf(chatId: number, rows: readonly Row[]): Heights | undefined {
  const kept = known.get(chatId)
  if (kept?.width !== innerWidth) return undefined
  const count = 1 + rows.findLastIndex(({ key }) => key === kept.last)
  const [heights, ...other] = kept.heights
  return count === 0 || heights.length < count ? undefined : [heights.slice(-count), ...other]
}
