import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import type { Field } from './fault.ts'

/** How long readers may take to hear of a new epoch and to begin afresh, in milliseconds. */
const patience = 15_000

/** Waits until each reader was told that the log has another past; returns how many that were. */
export async function toldOfEpoch({ load, recorder }: Field, since: number): Promise<number> {
  const told = () =>
    new Set(
      recorder.entries.flatMap((entry) =>
        entry.type === 'began' && entry.at > since && entry.reason === 'epoch'
          ? [entry.reader]
          : [],
      ),
    )
  await until(() => load.readers.every(({ name }) => told().has(name)), {
    timeoutMs: patience,
    what: 'all readers to be told of a new epoch',
  })
  return told().size
}

/** How far each topic goes in the database as it is now. */
export async function topicSeqs({ cluster }: Field): Promise<Record<string, number>> {
  const rows = await cluster.database.sql.rows(sql<{ topic: string; last_seq: number }>`
    select concat(kind, ':', id) as topic, last_seq from topics`)
  return Object.fromEntries(rows.map(({ topic, last_seq }) => [topic, last_seq]))
}

/** Sends that were acknowledged since then with a seq that their chat does not reach any more. */
export function acknowledgedBeyond(
  { recorder }: Field,
  since: number,
  topics: Readonly<Record<string, number>>,
): number {
  const sends = new Map(
    recorder.entries.flatMap((entry) =>
      entry.type === 'call' && entry.action.does === 'send'
        ? [[entry.op, entry.action.chat] as const]
        : [],
    ),
  )
  return recorder.entries.filter((entry) => {
    if (entry.type !== 'return' || entry.at < since || entry.outcome !== 'ok') return false
    const chat = sends.get(entry.op)
    const seq = entry.messages?.[0]?.seq
    return chat !== undefined && seq !== undefined && seq > (topics[`chat:${chat}`] ?? 0)
  }).length
}
