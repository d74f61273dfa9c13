/** Those who want to be told of something. */
export function createListeners<T>() {
  const listeners = new Set<(told: T) => void>()
  return {
    /** Returns what ends it. */
    on(listener: (told: T) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(told: T): void {
      for (const listen of listeners) listen(told)
    },
  }
}
