import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { type Fault, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'

/** Longer than any time-out of the servers. */
const openMs = 60_000

export const openTransaction: Fault = {
  id: 'F16',
  name: 'open-transaction',
  what: 'Somebody leaves a write transaction open: its id holds back every snapshot. Nobody may notice.',
  variants: ['minute'],
  smoke: ['minute'],
  seconds: 62,
  evidence: 500,
  background: true,
  async run(field, variant) {
    const { recorder, load } = field
    const hand = await byHand(field)
    try {
      await during(field, { fault: 'F16', target: variant, excuses: false }, async () => {
        await hand.query('begin')
        await hand.query(
          'insert into message_mentions (user_id, chat_id, seq) values ($1, $2, 0)',
          [load.people[0].id, load.places.single],
        )
        const before = recorder.entries.length
        await delay(openMs)
        const delivered = recorder.entries
          .slice(before)
          .filter(({ type }) => type === 'delivered').length
        met(field, 'F16', 'events delivered meanwhile', delivered)
        await hand.query('rollback').catch(() => undefined)
      })
    } finally {
      await hand.end().catch(() => undefined)
    }
  },
}

export const readOnly: Fault = {
  id: 'F22',
  name: 'read-only',
  what: 'The database takes no writes for a while, as after a failover that went wrong.',
  variants: ['default'],
  seconds: 3,
  evidence: 1,
  async run(field) {
    const { cluster, random } = field
    const db = cluster.database.sql
    await during(field, { fault: 'F22', target: 'database' }, async () => {
      await db.run(sql`alter system set default_transaction_read_only = on`)
      await db.rows(sql<{ pg_reload_conf: boolean | null }>`select pg_reload_conf()`)
      try {
        await delay(random.between(1500, 2500))
      } finally {
        const hand = await byHand(field)
        await hand.query('set default_transaction_read_only = off')
        await hand.query('alter system reset default_transaction_read_only')
        await hand.query('select pg_reload_conf()')
        await hand.end()
      }
      met(field, 'F22', 'read-only')
      await cluster.ready()
    })
  },
}
