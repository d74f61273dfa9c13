import type { Event } from '@parley/contract'
import type { State } from '@parley/sdk'
import { createPositions } from './positions.ts'

/** What was handed over, and what waits while it is unclear what it follows on. */
export interface Ledger {
  topics(): ReadonlyMap<string, number>
  behind(topics: ReadonlyMap<string, number>): boolean
  /** Where a stream could go on from what was handed over. */
  cursor(): string
  moveTo(cursor: string | undefined): void
  waits(): boolean
  /** From now on all waits, until `restart` or `settle`. */
  hold(): void
  /** `gap`: others are missing that come before it. */
  take(event: Event, cursor?: string): 'gap' | undefined
  restart(state: State, cursor: string): void
  /** Hands over what has waited. */
  settle(): void
  /** What has waited comes again from somewhere else. */
  drop(): void
}

interface Listeners {
  onStart(state: State): void
  onEvent(event: Event): void
}

export function createLedger({ onStart, onEvent }: Listeners): Ledger {
  const positions = createPositions()
  let waiting: { event: Event; cursor: string | undefined }[] | undefined
  let cursor = ''

  function hand(event: Event, next: string | undefined): 'gap' | undefined {
    const how = positions.take(event)
    if (how !== 'old') onEvent(event)
    if (how === 'gap') return how
    cursor = next ?? cursor
    return undefined
  }
  function settle(): void {
    const late = waiting ?? []
    waiting = undefined
    for (const one of late) hand(one.event, one.cursor)
  }
  return {
    topics: positions.all,
    behind: positions.behind,
    cursor: () => cursor,
    moveTo: (next) => void (cursor = next ?? cursor),
    waits: () => waiting !== undefined,
    hold: () => void (waiting ??= []),
    take(event, next) {
      if (!waiting) return hand(event, next)
      waiting.push({ event, cursor: next })
      return undefined
    },
    restart(state, next) {
      cursor = next
      positions.restart(state)
      onStart(state)
      settle()
    },
    settle,
    drop: () => void (waiting = undefined),
  }
}
