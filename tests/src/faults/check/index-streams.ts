import type { Began, Closed, Delivered, Entry, Frame, Opened, Signalled } from '../history/entry.ts'
import { entryOf, push } from './grouped.ts'
import { malformed } from './malformed.ts'

/** One connection, with what arrived on it in order. */
export interface StreamSeen {
  opened: Opened
  events: (Frame | Signalled)[]
  ready: Signalled | undefined
  closed: Closed | undefined
}

/** Somebody who follows the events, over as many connections as it took. */
export interface ReaderSeen {
  reader: string
  user: number
  streams: StreamSeen[]
  began: Began[]
  /** What their SDK said, in order. */
  events: (Began | Delivered)[]
}

export interface Streams {
  all: StreamSeen[]
  bySession: Map<number, StreamSeen[]>
  readers: Map<string, ReaderSeen>
}

export function indexStreams(entries: readonly Entry[]): Streams {
  const streams = new Map<number, StreamSeen>()
  const readers = new Map<string, ReaderSeen>()
  const bySession = new Map<number, StreamSeen[]>()
  const readerOf = (reader: string, user: number) =>
    entryOf(readers, reader, (): ReaderSeen => ({
      reader,
      user,
      streams: [],
      began: [],
      events: [],
    }))

  const streamOf = ({ stream, type }: { stream: number; type: string }) => {
    const known = streams.get(stream)
    if (!known) throw malformed(`a ${type} of stream ${stream}, which never opened`)
    return known
  }

  for (const entry of entries) {
    if (entry.type === 'opened') {
      const stream: StreamSeen = { opened: entry, events: [], ready: undefined, closed: undefined }
      streams.set(entry.stream, stream)
      readerOf(entry.reader, entry.user).streams.push(stream)
      push(bySession, entry.session, stream)
    } else if (entry.type === 'frame') {
      streamOf(entry).events.push(entry)
    } else if (entry.type === 'signal') {
      const stream = streamOf(entry)
      stream.events.push(entry)
      if (entry.kind === 'ready') stream.ready ??= entry
    } else if (entry.type === 'closed') {
      streamOf(entry).closed ??= entry
    } else if (entry.type === 'began') {
      const reader = readerOf(entry.reader, entry.user)
      reader.began.push(entry)
      reader.events.push(entry)
    } else if (entry.type === 'delivered') {
      const reader = readers.get(entry.reader)
      if (!reader) throw malformed(`a delivery to ${entry.reader}, who never began`)
      reader.events.push(entry)
    }
  }
  return { all: [...streams.values()], bySession, readers }
}
