import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { type Fault, during, met } from '../fault.ts'

export const stopPostgres: Fault = {
  id: 'F04',
  name: 'stop-postgres',
  what: 'PostgreSQL is stopped at once, without a checkpoint, or in order, and started again.',
  variants: ['immediate', 'fast'],
  smoke: ['immediate'],
  seconds: 2.5,
  evidence: 1,
  async run(field, variant) {
    const { cluster } = field
    await during(field, { fault: 'F04', target: variant, slows: 'partition' }, async () => {
      await cluster.database.stop(variant === 'fast' ? 'fast' : 'immediate')
      met(field, 'F04', 'stopped')
      await cluster.database.start()
      await cluster.ready()
    })
  },
}

/** Ends the tails' connections on the server's side, as an operator or an out-of-memory killer does. */
export const killListen: Fault = {
  id: 'F05',
  name: 'kill-listen',
  what: 'The connections on which servers LISTEN are terminated by PostgreSQL.',
  variants: ['terminate'],
  smoke: ['terminate'],
  seconds: 1,
  evidence: 2,
  async run(field) {
    const { cluster } = field
    await during(
      field,
      { fault: 'F05', target: 'tails', slows: 'bell', excuses: false },
      async () => {
        const before = await listening()
        const { ended } = await cluster.database.sql.one(sql<{ ended: number }>`
        select count(*) filter (where pg_terminate_backend(pid))::integer as ended
        from pg_stat_activity where pid = any (${before}::integer[])`)
        met(field, 'F05', 'terminated', ended)
        await until(async () => {
          const now = await listening()
          return now.length >= before.length && now.every((pid) => !before.includes(pid))
        })
      },
    )
    async function listening(): Promise<number[]> {
      const rows = await cluster.database.sql.rows(sql<{ pid: number }>`
        select coalesce(pid, 0) as pid from pg_stat_activity
        where application_name in ('parley tail', 'parley bell')`)
      return rows.map(({ pid }) => pid)
    }
  },
}
