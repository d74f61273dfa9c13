import type { Ephemeral, Event } from '@parley/contract'
import type { StreamState } from '@parley/sdk'

/** What the tabs of one account tell each other. All are the same page of the same origin. */
export type TabMessage =
  /** The tab that follows the stream passes an event on, and where another could go on. */
  | { type: 'event'; event: Event; cursor: string | undefined }
  /** And what is true only now. */
  | { type: 'ephemeral'; ephemeral: Ephemeral }
  | { type: 'connection'; connection: StreamState }
  /** What was kept is to be replaced by a new bootstrap. */
  | { type: 'resync' }
  /** A tab that opened or was frozen asks the leader to say where it is. */
  | { type: 'hello' }
  /** The leader's answer, and the first word of a new one: who is behind takes a bootstrap. */
  | { type: 'leading'; topics: ReadonlyMap<string, number>; connection: StreamState }
  /** The person is at one of the tabs: connect now instead of waiting. */
  | { type: 'wake' }

export interface Tabs {
  tell(message: TabMessage): void
  close(): void
}

/** Opens the way to the other tabs of this account; a tab does not hear itself. */
export function openTabs(userId: number, hear: (message: TabMessage) => void): Tabs {
  const channel = new BroadcastChannel(`parley.${userId}`)
  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => hear(data))
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() }
}

/**
 * Waits until this tab is the one that follows the stream, and does it: the browser lets go of the
 * lock when the tab is closed or crashes.
 */
export async function lead(
  userId: number,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await navigator.locks.request(`parley.stream.${userId}`, { signal }, work)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
