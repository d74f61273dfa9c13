/** How often it is told that somebody writes, in milliseconds: it counts for twice as long. */
const everyMs = 3_000

/** Tells that one is writing, as often as it takes to stay true. */
export function createTyping(tell: (chatId: number) => void) {
  const told = new Map<number, number>()
  const due = new Map<number, ReturnType<typeof setTimeout>>()

  function now(chatId: number): void {
    due.delete(chatId)
    told.set(chatId, Date.now())
    tell(chatId)
  }
  return {
    /** A key changed what one writes in a chat. */
    typed(chatId: number): void {
      if (due.has(chatId)) return
      const left = (told.get(chatId) ?? -Infinity) + everyMs - Date.now()
      if (left <= 0) now(chatId)
      else
        due.set(
          chatId,
          setTimeout(() => now(chatId), left),
        )
    },
    /** Nothing is written there any more: it was sent, or removed. */
    ended(chatId: number): void {
      clearTimeout(due.get(chatId))
      due.delete(chatId)
    },
  }
}

/** Who is to be named: three at most, then only that there are several. */
export const named = (ids: readonly number[]): readonly number[] => (ids.length > 3 ? [] : ids)
