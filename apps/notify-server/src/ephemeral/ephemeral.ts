import type { Clock } from '@parley/core/clock'
import type { Pool } from '@parley/core/db/pool'
import type { Note } from '@parley/core/ephemeral/note'
import type { Logger } from '@parley/core/log'
import type { Metrics } from '@parley/core/metrics/metrics'
import { type Presence, followPresence } from '@parley/core/presence/presence'
import type { Hub } from '../hub.ts'
import type { Stream } from '../stream.ts'
import type { Tail } from '../tail.ts'
import { People } from './people.ts'
import { createTeller } from './teller.ts'
import { createTyping } from './typing.ts'
import { watchEphemeral } from './watch.ts'

/** How often it is looked who has gone and what is to be told, in milliseconds. */
const everyMs = 250

export interface EphemeralOptions {
  databaseUrl: string
  db: Pool
  hub: Hub
  tail: Tail
  clock: Clock
  uptime: () => number
  log: Logger
  metrics: Metrics
}

export interface Ephemeral {
  start(): void
  opened(stream: Stream): void
  closed(stream: Stream): void
  stop(): Promise<void>
}

/** Typing and presence: what streams are told and the log does not know. */
export function createEphemeral(options: EphemeralOptions): Ephemeral {
  const { databaseUrl, uptime, log, metrics } = options
  let presence: Presence | undefined
  let timer: NodeJS.Timeout | undefined
  let busy = false

  const watch = watchEphemeral(metrics, {
    connected: () => presence?.connected() ?? false,
    untold: () => teller.untold(),
  })
  const people = new People({
    now: uptime,
    set: (userId, activity) => presence?.set(userId, activity),
  })
  const teller = createTeller({
    ...options,
    watch,
    activity: (userId) => presence?.activity(userId),
    gone: (userId) => people.forget(userId),
  })
  const typing = createTyping({ ...options, watch })

  function heard(note: Note): void {
    if (note.kind === 'typing') typing(note)
    else if (note.kind === 'device') people.device(note.user_id, note.session_id, note.away)
    else if (note.kind === 'dnd') teller.dndChanged(note.user_id)
  }

  async function tick(): Promise<void> {
    people.tick()
    if (busy || !presence?.settled()) return
    busy = true
    await teller.tick().catch((error: unknown) => log.warn({ err: error }, 'presence is not told'))
    busy = false
  }

  return {
    start() {
      presence = followPresence({
        url: databaseUrl,
        name: 'parley ephemeral',
        host: true,
        uptime,
        changed(userId, isNews) {
          // Those who only come back to this server after a restart were there before.
          if (isNews || presence?.settled()) teller.changed(userId)
          else teller.known(userId)
        },
        heard,
        failed: (error) => log.warn({ err: error }, 'typing and presence of others are not heard'),
      })
      timer = setInterval(() => void tick(), everyMs)
    },
    opened: ({ reader }) => people.opened(reader),
    closed: ({ reader }) => people.closed(reader),
    async stop() {
      clearInterval(timer)
      await presence?.stop()
    },
  }
}
