import { type Caller, type ClientOptions, createCaller } from './caller.ts'
import { type Stream, type StreamOptions, openStream } from './stream/stream.ts'

export interface Client extends Caller {
  /** Follows the events; see `StreamOptions`. */
  stream(options: StreamOptions): Stream
}

/** A client of one Parley instance and at most one session. */
export function createClient(options: ClientOptions): Client {
  const caller = createCaller(options)
  return { ...caller, stream: (streamOptions) => openStream(caller.source, streamOptions) }
}
