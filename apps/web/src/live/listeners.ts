import type { Event } from '@parley/contract'

type Listener = (events: readonly Event[]) => void

/** Those who are told of events, and of a state that was replaced. */
export function createListeners() {
  const listeners = new Set<Listener>()
  const restarts = new Set<() => void>()
  return {
    tell: (events: readonly Event[]): void => {
      for (const listen of listeners) listen(events)
    },
    restart: (): void => {
      for (const restart of restarts) restart()
    },
    /** Told of the events after the state has them, each once. Returns what ends it. */
    onEvents(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Called when events were lost for good and the state was replaced. */
    onRestart(listener: () => void): () => void {
      restarts.add(listener)
      return () => restarts.delete(listener)
    },
  }
}
