import type { Clock } from '@parley/core/clock'
import { heartbeatFrame } from './frame.ts'
import type { Hub } from './hub.ts'
import type { Stream } from './stream.ts'

/** A heartbeat for each stream so often, in seconds. */
const heartbeatEvery = 15
/** How long before its token ends a reader is told to bring a new one, in milliseconds. */
const reauthBefore = 45_000
/** The longest a stream lasts, in milliseconds: 15 minutes, give or take a fifth. */
const maxAge = 15 * 60_000
/** How long a socket may hold bytes without ever becoming empty, in milliseconds. */
const patience = { live: 30_000, behind: 15_000 }

/**
 * When a stream begins that still waits for its turn, in milliseconds. Clients take silence for death
 * and would wait again at the end of the queue; and the database has had time to fail, which is better
 * told by a status.
 */
const beginAfter = 7_000

interface Life {
  slot: number
  beginsAt: number
  endsAt: number
  reauthSaid: boolean
  /** Since when the socket holds bytes. */
  stuckSince: number | undefined
}

interface Does {
  /** Writes the head of the response. */
  begin(stream: Stream): void
  catchUp(stream: Stream): void
}

export interface Lives {
  begin(stream: Stream): void
  end(stream: Stream): void
  /** The socket is empty again. */
  drained(stream: Stream): void
  stop(): void
}

/** Tokens end by the time of day, which may be set; all else counts by a clock that nobody sets. */
interface Clocks {
  clock: Clock
  uptime: () => number
}

/**
 * What happens to streams as time goes by: heartbeats, the end of tokens, ages, and of slow readers.
 * One timer serves all, and each second another part of them gets its heartbeat.
 */
export function createLives(
  hub: Hub,
  { clock, uptime }: Clocks,
  { begin, catchUp }: Does,
  everyMs = 1000,
): Lives {
  const lives = new Map<Stream, Life>()
  let second = 0

  function tick(): void {
    second++
    const now = uptime()
    const time = clock.now()
    const beat = heartbeatFrame(hub.cursor)
    const quiet = heartbeatFrame()
    for (const [stream, life] of lives) {
      if (!stream.closed && now >= life.beginsAt) begin(stream)
      const { begun, waiting } = stream.outlet
      if (!begun || stream.closed || ended(stream, life, now, time) || waiting > 0) continue
      if (stream.state === 'behind') catchUp(stream)
      if (second % heartbeatEvery === life.slot) {
        stream.outlet.write([stream.state === 'live' ? beat : quiet])
      }
    }
  }
  const timer = setInterval(tick, everyMs)

  return {
    begin(stream) {
      const beginsAt = uptime() + beginAfter
      const endsAt = uptime() + maxAge * (0.8 + Math.random() * 0.4)
      const slot = lives.size % heartbeatEvery
      lives.set(stream, { slot, beginsAt, endsAt, reauthSaid: false, stuckSince: undefined })
    },
    end: (stream) => void lives.delete(stream),
    drained(stream) {
      const life = lives.get(stream)
      if (life) life.stuckSince = undefined
      if (stream.state === 'behind') catchUp(stream)
    },
    stop: () => clearInterval(timer),
  }
}

function ended(stream: Stream, life: Life, now: number, time: number): boolean {
  const { expiresAt } = stream.reader
  if (stream.outlet.waiting === 0) life.stuckSince = undefined
  else life.stuckSince ??= now
  const stuck = now - (life.stuckSince ?? now)
  if (stuck > (stream.state === 'behind' ? patience.behind : patience.live)) stream.cut('too_slow')
  else if (expiresAt !== undefined && time >= expiresAt) stream.close('token_expired')
  else if (now >= life.endsAt) stream.close('max_age')
  else if (expiresAt !== undefined && !life.reauthSaid && time >= expiresAt - reauthBefore) {
    life.reauthSaid = true
    stream.say('reauth', { expires_in_seconds: Math.ceil((expiresAt - time) / 1000) })
  }
  return stream.closed
}
