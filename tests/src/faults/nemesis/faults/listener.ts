import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { type Fault, type Field, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'

const id = 'F25'

/** Longer than what the tails wait for an answer, and than readers are kept in the dark. */
const stoppedMs = 7000
const idleMs = 15_000

export const stuckListener: Fault = {
  id,
  name: 'stuck-listener',
  what: 'The backends that serve the tails stand still; or somebody who listens sits in an idle transaction, so that notifications pile up.',
  variants: ['stopped-backend', 'idle-transaction'],
  seconds: 12,
  evidence: 50,
  async run(field, variant) {
    const before = field.recorder.entries.length
    await (variant === 'idle-transaction' ? listenIdly : stopTails)(field, variant)
    const later = field.recorder.entries.slice(before)
    const delivered = later.filter(({ type }) => type === 'delivered').length
    met(field, id, 'events delivered meanwhile', delivered)
  },
}

async function stopTails(field: Field, variant: string): Promise<void> {
  const { cluster } = field
  await during(field, { fault: id, target: variant, slows: 'partition' }, async () => {
    const rows = await cluster.database.sql.rows(sql<{ pid: number }>`
      select coalesce(pid, 0) as pid from pg_stat_activity
      where application_name in ('parley tail', 'parley revocations')`)
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP')
    try {
      await delay(stoppedMs)
      await cluster.ready()
      met(field, id, 'servers that listen anew, with their old backends stopped', rows.length)
    } finally {
      for (const { pid } of rows) process.kill(pid, 'SIGCONT')
    }
    await cluster.ready()
  })
}

async function listenIdly(field: Field, variant: string): Promise<void> {
  const hand = await byHand(field)
  try {
    await during(field, { fault: id, target: variant, excuses: false }, async () => {
      await hand.query('listen bell')
      await hand.query('begin')
      await delay(idleMs)
      const { rows } = await hand.query<{ used: number }>(
        'select pg_notification_queue_usage() as used',
      )
      if (rows[0]?.used === 0) throw new Error('no notification waits for the one who sits there')
      await hand.query('rollback')
    })
  } finally {
    await hand.end()
  }
}
