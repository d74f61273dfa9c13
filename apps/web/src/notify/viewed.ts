const name = (userId: number, chatId: number): string => `parley.viewed.${userId}.${chatId}`

/**
 * Says that the person looks at the chat in this window, until the end is called. It is a lock that
 * many may hold, so that a window that crashes looks at nothing any more.
 */
export function view(userId: number, chatId: number): () => void {
  const over = Promise.withResolvers<void>()
  const options = { mode: 'shared' } as const
  navigator.locks.request(name(userId, chatId), options, () => over.promise).catch(() => undefined)
  return over.resolve
}

/** Whether the person looks at the chat in any window of the browser. */
export async function isViewed(userId: number, chatId: number): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name(userId, chatId))
}
