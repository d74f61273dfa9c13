import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { type Fault, type Field, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'
import { poison } from '../poison.ts'

const id = 'F19'

/** Kinds and bodies that no server can show: of a newer version, and of this one with something broken. */
const rows = [
  ['FromTheFuture', {}],
  ['NewMessage', { message: 'none' }],
  ['MessageUpdated', { message: { seq: 'none' }, since_join: true }],
  ['MessageDeleted', { message_seq: 'none' }],
  ['MemberJoined', { members: 'none' }],
  ['ReadMarkerMoved', { chat_id: null, read_seq: 'none' }],
  ['SessionRevoked', { session_id: 'none' }],
] as const

/** So many of each: all together more in a row than a page of the API holds. */
const many = 20

export const poisonEvents: Fault = {
  id,
  name: 'poison-event',
  what: 'The log has events that no server can show. All behind them are delivered, and nobody starts afresh.',
  variants: ['chat', 'user', 'workspace'],
  seconds: 3,
  evidence: rows.length,
  async run(field, variant) {
    await during(field, { fault: id, target: variant, excuses: false }, async () => {
      const topics = await topicsOf(field, variant)
      const hand = await byHand(field)
      const before = resyncs(field)
      try {
        for (const topic of topics) {
          for (const [kind, body] of rows) {
            await hand.query(
              `select append_events(array_agg($1::bigint), array_agg($2::text), array_agg($3::jsonb))
               from generate_series(1, $4)`,
              [topic, kind, { ...body, [poison]: true }, many],
            )
            met(field, id, `${kind} in a ${variant}'s topic`)
          }
          await something(field, variant, topic)
        }
      } finally {
        await hand.end()
      }
      if (resyncs(field) > before) throw new Error('a reader had to start afresh')
    })
  },
}

const resyncs = ({ recorder }: Field): number =>
  recorder.entries.filter((entry) => entry.type === 'began' && entry.reason === 'hole').length

async function topicsOf({ cluster, load }: Field, variant: string): Promise<number[]> {
  const { hall, secret, recent } = load.places
  if (variant === 'chat') return [hall, secret, recent]
  if (variant === 'user') return load.people.slice(0, 3).map((person) => person.id)
  const rows = await cluster.database.sql.rows(sql<{ id: number }>`select id from workspaces`)
  return rows.map(({ id }) => id)
}

/** Lets something happen behind it, and waits until all who may see it have it. */
async function something(field: Field, variant: string, topic: number): Promise<void> {
  const { cluster, load } = field
  const db = cluster.database.sql
  if (variant === 'workspace') {
    await db.run(sql`update workspaces set name = name || '.' where id = ${topic}`)
  }
  if (variant === 'user') {
    await db.run(sql`update users set username = username || '.' where id = ${topic}`)
  }
  const name = `${variant}:${topic}`
  const { last_seq } = await db.one(sql<{ last_seq: number }>`
    select last_seq from topics where id = ${topic}`)
  const readers = load.readers.filter(
    (reader) => variant === 'workspace' || (variant === 'user' && reader.user === topic),
  )
  await until(() => readers.every((reader) => reader.seqOf(name) >= last_seq), {
    what: `what lies behind poison in ${name}`,
    timeoutMs: 15_000,
  })
}
