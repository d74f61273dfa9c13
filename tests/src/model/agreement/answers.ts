import { ParleyError, type Reply } from '@parley/sdk'
import { same } from '../actions/attempt.ts'

/** What a call answers, or the code of its refusal. */
export async function answerOf<T>(reply: Promise<Reply<T>>): Promise<T | string> {
  try {
    return (await reply).body
  } catch (error) {
    if (error instanceof ParleyError) return error.code
    throw error
  }
}

/** All pages of a list of these ids, each asked for behind the last id of the page before. */
export async function expectPages<T extends { id: number }>(
  page: (after: number) => Promise<{ items: readonly T[]; has_more: boolean }>,
  expected: readonly T[],
): Promise<void> {
  const all: T[] = []
  for (;;) {
    const { items, has_more } = await page(all.at(-1)?.id ?? 1)
    all.push(...items)
    if (!has_more) break
    if (items.length === 0) throw new Error('an empty page says that there is more')
  }
  same(all, expected)
}
