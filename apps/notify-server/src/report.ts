import type { Logger } from '@parley/core/log'
import type { Stream } from './stream.ts'
import type { Refused, StreamWatch } from './stream-watch.ts'

/** A request for a stream, as far as the log may know it. */
export interface Asked {
  requestId: string
  /** When it came, by the server's uptime. */
  at: number
  userId?: number | undefined
}

/** What became of each request for a stream, as one line of the log and one count. */
export interface Report {
  /** The stream is over. */
  ended(asked: Asked, stream: Stream): void
  /** There was none; the status is what the client got, if it was still there. */
  refused(asked: Asked, why: Refused, status: number | undefined): void
}

export function createReport(log: Logger, watch: StreamWatch, uptime: () => number): Report {
  const line = ({ requestId, at, userId }: Asked, status: number | undefined) => ({
    route: '/events',
    status,
    request_id: requestId,
    user_id: userId,
    ms: Math.round(uptime() - at),
  })
  return {
    ended(asked, { goodbye, replayed, position, unsent }) {
      const ended = goodbye ?? 'by_client'
      // A position is what is kept of a reader who was too slow to be fed.
      const behind = position !== undefined
      log.info({ ...line(asked, 200), replayed, fell_behind: behind, unsent_bytes: unsent, ended })
      watch.ended(ended)
    },
    refused(asked, why, status) {
      log.info({ ...line(asked, status), refused: why })
      watch.refused(why)
    },
  }
}
