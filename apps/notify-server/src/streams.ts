import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { ErrorCode } from '@parley/contract'
import type { Clock } from '@parley/core/clock'
import type { Pool } from '@parley/core/db/pool'
import type { Logger } from '@parley/core/log'
import type { KeySet } from '@parley/core/tokens/key-set'
import type { Verifier } from '@parley/core/tokens/verify'
import { admit } from './admission.ts'
import { type Outcome, createCatchUp } from './catch-up.ts'
import type { Encode } from './encode.ts'
import { chunk } from './frame.ts'
import type { Hub } from './hub.ts'
import { watchKeys } from './key-watch.ts'
import { createLives } from './life.ts'
import { Outlet } from './outlet.ts'
import { type Asked, createReport } from './report.ts'
import { retryMs, sendLater, sendProblem, streamHeaders } from './replies.ts'
import { watchSight } from './sight.ts'
import { Stream } from './stream.ts'
import type { Later, Refused, StreamWatch } from './stream-watch.ts'
import type { Tail } from './tail.ts'

export interface StreamsOptions {
  db: Pool
  log: Logger
  hub: Hub
  tail: Tail
  clock: Clock
  uptime: () => number
  encode: Encode
  watch: StreamWatch
  verifier: Verifier
  keys: Pick<KeySet, 'find' | 'has'>
  mostStreams: number
  /** Told of each stream when it has begun, and when one that had begun is over. */
  people: { opened(stream: Stream): void; closed(stream: Stream): void }
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
  const { db, log, hub, tail, clock, uptime, watch, verifier, keys, mostStreams } = options
  const report = createReport(log, watch, uptime)
  const catchUp = createCatchUp({ ...options, begin })
  const lives = createLives(
    hub,
    { clock, uptime },
    { begin, catchUp: (stream) => void bring(stream) },
  )
  const sight = watchSight(hub, tail)
  const dropped = watchKeys(hub, keys)
  let stopping = false

  function begin(stream: Stream): void {
    if (stream.outlet.begun) return
    stream.outlet.begin(streamHeaders, () => lives.drained(stream))
    stream.outlet.write([chunk(`: connected\nretry: ${retryMs()}\n\n`)])
    options.people.opened(stream)
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

  function register(stream: Stream, response: ServerResponse, asked: Asked): void {
    hub.add(stream)
    lives.begin(stream)
    response.once('close', () => {
      stream.state = 'closed'
      hub.remove(stream)
      lives.end(stream)
      if (!stream.outlet.begun) return
      report.ended(asked, stream)
      options.people.closed(stream)
    })
  }

  const noRoom = (): Later | undefined => {
    if (stopping) return 'shutdown'
    if (!tail.following()) return 'tail_lost'
    return hub.streams.size < mostStreams ? undefined : 'full'
  }

  return {
    async open(request, response, query, requestId) {
      const asked: Asked = { requestId, at: uptime() }
      const byToken = request.headers.authorization !== undefined
      const refuse = (why: Refused, code?: ErrorCode): void => {
        if (response.destroyed) return report.refused(asked, 'by_client', undefined)
        if (code !== undefined) sendProblem(response, code, requestId)
        else sendLater(response, byToken, requestId)
        report.refused(asked, why, response.statusCode)
      }
      const admission = await admit(request, query, { db, clock, verifier, keys, noRoom })
      asked.userId = admission.reader?.userId
      if (response.destroyed) return refuse('by_client')
      if ('later' in admission) return refuse(admission.later)
      if ('refused' in admission) return refuse(admission.refused, admission.refused)
      const outlet = new Outlet(response, request.socket)
      const stream = new Stream(outlet, admission.reader, admission.cursor)
      register(stream, response, asked)
      const outcome = await bring(stream)
      if (outlet.begun) return
      if (outcome === 'session_revoked') refuse(outcome, 'not_signed_in')
      else refuse(stream.goodbye ?? 'unavailable')
    },
    async stop() {
      stopping = true
      await closeAll([...hub.streams])
      lives.stop()
      sight.stop()
      dropped.stop()
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
