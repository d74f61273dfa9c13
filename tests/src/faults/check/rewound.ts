import type { Began, Call, Entry, History, MessageSeen, Return, Rewound } from '../history/entry.ts'

/** The code of an answer that was a success of the old past: no error, and no promise any more. */
export const didNotLast = 'did_not_last'

/**
 * A history without what the database lost where it went back to an older state, and nothing else:
 * what the old past acknowledged and showed from `since` on, as far as it lies beyond where the topics
 * go on. An acknowledgement that did not last is one that never came. Everything else is judged as ever.
 */
export function withoutLost(history: History): History {
  let { entries } = history
  for (const rewound of entries.filter((entry) => entry.type === 'rewound')) {
    entries = entriesWithout({ ...history, entries }, rewound)
  }
  return { ...history, entries }
}

interface Past {
  rewound: Rewound
  calls: Map<string, Call>
  /** Streams that are open when the old past ends. */
  streams: ReadonlySet<number>
  /** When each reader was first told that there is another one. */
  told: Map<string, number>
  stored: ReadonlySet<number>
}

function entriesWithout(history: History, rewound: Rewound): Entry[] {
  const past = pastOf(history, rewound)
  return history.entries.flatMap((entry): Entry[] => {
    if (entry.at < rewound.since) return [entry]
    if (entry.type === 'return') return [answer(past, entry)]
    if (entry.type === 'began') return [entry.at > rewound.until ? entry : began(past, entry)]
    const old =
      (entry.type === 'frame' && past.streams.has(entry.stream)) ||
      (entry.type === 'delivered' && entry.at < (past.told.get(entry.reader) ?? Infinity))
    return old && isLost(past, entry) ? [] : [entry]
  })
}

function pastOf({ entries, final }: History, rewound: Rewound): Past {
  const calls = new Map<string, Call>()
  const streams = new Set<number>()
  const told = new Map<string, number>()
  for (const entry of entries) {
    if (entry.type === 'call') calls.set(keyOf(entry), entry)
    if (entry.type === 'opened' && entry.at <= rewound.until) streams.add(entry.stream)
    if (entry.type === 'began' && entry.at > rewound.until && !told.has(entry.reader)) {
      told.set(entry.reader, entry.at)
    }
  }
  const stored = new Set(final.messages.map(({ id }) => id))
  return { rewound, calls, streams, told, stored }
}

const keyOf = ({ op, attempt }: { op: number; attempt: number }): string => `${op} ${attempt}`

const isLost = ({ rewound }: Past, { topic, seq }: { topic: string; seq: number }): boolean =>
  seq > (rewound.topics[topic] ?? 0)

/** An answer of the old past. */
function answer(past: Past, entry: Return): Return {
  const call = past.calls.get(keyOf(entry))
  if (!call || call.at > past.rewound.until || entry.outcome !== 'ok') return entry
  const { action } = call
  // Which memberships and endings did not last, nobody can tell by their answers.
  if (action.does === 'add' || action.does === 'remove' || action.does === 'end_session') {
    return { ...entry, outcome: 'info', code: didNotLast }
  }
  const kept = (message: MessageSeen): boolean =>
    past.stored.has(message.id) || !isLost(past, { topic: `chat:${action.chat}`, ...message })
  if (entry.messages === undefined || entry.messages.every(kept)) return entry
  if (action.does === 'read') return { ...entry, messages: entry.messages.filter(kept) }
  const { messages: _, ...without } = entry
  return { ...without, outcome: 'info', code: didNotLast }
}

/** A bootstrap of the old past stands for what is left of it. */
function began({ rewound }: Past, entry: Began): Began {
  const topics = Object.entries(entry.topics).flatMap(([topic, seq]) => {
    const left = rewound.topics[topic]
    return left === undefined ? [] : [[topic, Math.min(seq, left)] as const]
  })
  return { ...entry, topics: Object.fromEntries(topics) }
}
