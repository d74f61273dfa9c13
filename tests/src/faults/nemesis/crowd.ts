import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { makeNonce } from '@parley/sdk'
import type { Seen } from '../crowd/crowd.ts'
import { digest } from '../history/recorder.ts'
import type { Field } from './fault.ts'

/** Longer than any return may take, in milliseconds: who is not back then does not come. */
const patience = 90_000
const looksEveryMs = 250

/** Descriptors that one process has to have: all streams at one server, and what it has besides. */
const needed = 12_000

/** Why this machine cannot hold a crowd. */
export function tooFewDescriptors(): string | undefined {
  const limits = process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : ''
  const most = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1]
  if (most === 'unlimited' || Number(most) >= needed) return undefined
  return `it takes Linux and a limit of ${needed} open files (ulimit -n)`
}

export interface CaughtUp {
  seen: Seen
  /** The last seq of the chat, which all of them have now or should have. */
  seq: number
}

/** Waits, for as long as it is worth it, until all are live and have the chat's last event. */
export async function caughtUp(field: Field, chat: number): Promise<CaughtUp> {
  const look = async () => ({
    seq: await lastSeq(field, chat),
    seen: await field.crowds.ask('tell'),
  })
  const all = await until(
    async () => {
      await delay(looksEveryMs)
      const { seq, seen } = await look()
      return seen.live === seen.streams && seen.behind(seq) === 0 && { seq, seen }
    },
    { timeoutMs: patience, what: 'a crowd to have everything' },
  ).catch(() => undefined)
  return all ?? look()
}

const lastSeq = async ({ cluster }: Field, chat: number): Promise<number> =>
  (
    await cluster.database.sql.one(sql<{ last_seq: number }>`
      select last_seq from topics where id = ${chat}`)
  ).last_seq

export interface During {
  fault: string
  target: string
  chat: number
  from: number
  calls?: { count: number; failed: number }
}

/** Writes down what the crowd met since it was told to begin. */
export function recordCrowd(
  { recorder }: Field,
  { fault, target, chat, from, calls = { count: 0, failed: 0 } }: During,
  { seen, seq }: CaughtUp,
): void {
  const { events, passed, gaps, doubles, leaks, resyncs, refused, returned, slowest } = seen.counts
  recorder.record({
    type: 'crowd',
    fault,
    target,
    topic: `chat:${chat}`,
    from,
    to: seq,
    streams: seen.streams,
    live: seen.live,
    behind: seen.behind(seq),
    events,
    passed,
    gaps,
    doubles,
    leaks,
    resyncs,
    refused,
    returned,
    slowest,
    calls: calls.count,
    failed: calls.failed,
  })
}

/** Somebody says a word to all of them, again and again. */
export async function talk(
  { load, random }: Field,
  chat: number,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const [speaker] = load.people
  while (!signal.aborted) {
    const nonce = makeNonce()
    const content = `${nonce} Is everybody here?`
    const text = digest(content)
    speaker.contents.set(text, content)
    await load.call(
      speaker,
      speaker.main,
      { does: 'send', chat, nonce, text },
      random.between(0, 1),
    )
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
