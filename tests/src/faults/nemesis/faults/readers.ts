import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { flood } from '../../load/flood.ts'
import type { Reader } from '../../load/reader.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

/** Someone whose line can be harmed without harming anybody else's. */
async function sideReader(field: Field, name: string): Promise<Reader> {
  const { load, recorder } = field
  const person = load.people[1] ?? load.people[0]
  const session = await load.signInAgain(person)
  const reader = await load.openReader(
    person,
    session,
    `${name} ${recorder.number()} (${person.name})`,
    true,
  )
  load.readers.push(reader)
  await until(() => reader.live(), { what: 'a live stream at the side', timeoutMs: 20_000 })
  return reader
}

const sides = (field: Field) => Object.values(field.cluster.side)

export const slowReaders: Fault = {
  id: 'F11',
  name: 'slow-readers',
  what: 'A reader takes much less than is sent, or stops reading for longer than it is borne.',
  variants: ['slow', 'stopped'],
  smoke: ['slow', 'stopped'],
  seconds: 25,
  evidence: 1,
  background: true,
  async run(field, variant) {
    const { load } = field
    const reader = await sideReader(field, variant)
    await during(field, { fault: 'F11', target: reader.name, excuses: false }, async () => {
      try {
        for (const link of sides(field)) {
          link.set('down', variant === 'slow' ? { bytesPerSecond: 60_000 } : { held: true })
        }
        await flood(load, load.places.single, 350)
        if (variant === 'stopped') await delay(17_000)
        else await delay(3000)
      } finally {
        for (const link of sides(field)) link.heal()
      }
    })
    const topic = `chat:${load.places.single}`
    const [main] = load.readers
    await until(() => reader.seqOf(topic) >= (main?.seqOf(topic) ?? 0), {
      timeoutMs: 30_000,
      what: 'the slow reader to have all of it',
    }).catch(() => undefined)
    met(field, 'F11', variant)
  },
}

/** While one is away, the part of the log that they miss is dropped, as after the retention. */
export const retentionPassed: Fault = {
  id: 'F15',
  name: 'retention-passed',
  what: 'A reader is away while the events they miss leave the log.',
  variants: ['days'],
  smoke: ['days'],
  seconds: 6,
  evidence: 1,
  background: true,
  async run(field) {
    const reader = await sideReader(field, 'away')
    const away = { fault: 'F15', target: reader.name, excuses: false }
    await during(field, away, async () => {
      for (const link of sides(field)) {
        link.set('up', { held: true })
        link.set('down', { held: true })
        link.reset()
      }
      await delay(1500)
      // Another fault may take the database away in the middle of it.
      await until(() => ageLog(field), { timeoutMs: 30_000, what: 'an aged log' })
      for (const link of sides(field)) link.heal()
    })
    await until(() => resynced(field, reader.name), {
      timeoutMs: 30_000,
      what: 'a resync of the reader who was away',
    }).catch(() => undefined)
    met(field, 'F15', 'resyncs', resynced(field, reader.name))
  },
}

const resynced = ({ recorder }: Field, name: string): number =>
  recorder.entries.filter(
    (entry) => entry.type === 'began' && entry.reader === name && entry.reason === 'retention',
  ).length

/** Makes all events of the log nine days old, and lets maintenance drop what is past its time. */
async function ageLog({ cluster }: Field): Promise<true> {
  await cluster.database.sql.transaction(async (db) => {
    await db.run(sql`update event_log set at = at - interval '9 days'`)
    await db.rows(
      sql<{ make_event_partitions: string | null }>`select make_event_partitions(3)::text`,
    )
    await db.rows(
      sql<{ drop_event_partitions: string | null }>`select drop_event_partitions(7)::text`,
    )
  })
  return true
}
