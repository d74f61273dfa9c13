import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import type { Verifier } from '@parley/core/tokens/verify'
import { admit } from './admission.ts'
import { type Outcome, createCatchUp } from './catch-up.ts'
import type { Encode } from './encode.ts'
import { chunk } from './frame.ts'
import type { Hub } from './hub.ts'
import { createLives } from './life.ts'
import { Outlet } from './outlet.ts'
import { retryMs, sendLater, sendProblem, streamHeaders } from './replies.ts'
import { watchSight } from './sight.ts'
import { Stream } from './stream.ts'
import type { Tail } from './tail.ts'

export interface StreamsOptions {
  db: Pool
  log: Logger
  hub: Hub
  tail: Tail
  encode: Encode
  verifier: Verifier
  mostStreams: number
}

export interface Streams {
  /** Answers `GET /events`. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
    requestId: string,
  ): Promise<void>
  /** Ends them all. */
  stop(): Promise<void>
}

/** Opens streams and sees to it that each catches up, the first time and whenever it fell behind. */
export function createStreams(options: StreamsOptions): Streams {
  const { db, log, hub, tail, verifier, mostStreams } = options
  const catchUp = createCatchUp({ ...options, begin })
  const lives = createLives(hub, (stream) => void bring(stream))
  const sight = watchSight(hub, tail)
  let stopping = false

  function begin(stream: Stream): void {
    if (stream.outlet.begun) return
    stream.outlet.begin(streamHeaders, () => lives.drained(stream))
    stream.outlet.write([chunk(`: connected\nretry: ${retryMs()}\n\n`)])
  }

  async function bring(stream: Stream): Promise<Outcome> {
    const outcome = await catchUp(stream).catch((error: unknown) => {
      log.warn({ err: error, user_id: stream.reader.userId }, 'a stream could not catch up')
      return 'unavailable' as const
    })
    if (outcome === 'live') stream.sayReady(hub.cursor)
    else if (outcome !== 'behind' && stream.outlet.begun) stream.close(outcome)
    return outcome
  }

  function register(stream: Stream, response: ServerResponse, requestId: string): void {
    hub.add(stream)
    lives.begin(stream)
    response.once('close', () => {
      stream.state = 'closed'
      hub.remove(stream)
      lives.end(stream)
      log.info({
        route: '/events',
        request_id: requestId,
        user_id: stream.reader.userId,
        ms: Date.now() - stream.openedAt,
        replayed: stream.replayed,
        ended: stream.goodbye ?? 'by_client',
      })
    })
  }

  return {
    async open(request, response, query, requestId) {
      const hasRoom = (): boolean => !stopping && tail.following() && hub.streams.size < mostStreams
      const byToken = request.headers.authorization !== undefined
      const admission = await admit(request, query, db, verifier, hasRoom)
      if (response.destroyed) return
      if (admission === 'later') return sendLater(response, byToken, requestId)
      if (typeof admission === 'string') return sendProblem(response, admission, requestId)
      const outlet = new Outlet(response, request.socket)
      const stream = new Stream(outlet, admission.reader, admission.cursor)
      register(stream, response, requestId)
      const outcome = await bring(stream)
      if (outlet.begun || response.destroyed) return
      if (outcome === 'session_revoked') sendProblem(response, 'not_signed_in', requestId)
      else sendLater(response, byToken, requestId)
    },
    async stop() {
      stopping = true
      await closeAll([...hub.streams])
      lives.stop()
      sight.stop()
    },
  }
}

/** Not all at one moment, so that their clients come back spread, but within two seconds. */
async function closeAll(streams: Stream[]): Promise<void> {
  const groups = 40
  const size = Math.max(10, Math.ceil(streams.length / groups))
  for (let at = 0; at < streams.length; at += size) {
    for (const stream of streams.slice(at, at + size)) stream.close('shutdown')
    await delay(20 + Math.random() * 20)
  }
}
