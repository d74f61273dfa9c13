import { sql } from '@parley/core/db/sql'
import { type Cluster, serverNames } from '../cluster/cluster.ts'
import type { Load } from '../load/load.ts'

/** What should not be there when everybody is quiet: a sentence each. */
export async function stuck(cluster: Cluster, load: Load): Promise<string[]> {
  const rows = await cluster.database.sql.rows(sql<{ sentence: string }>`
    select coalesce(format('%s is %s since %s, waiting for %s', application_name, state, now() - state_change,
      coalesce(wait_event_type, 'nothing')), '') as sentence
    from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database()
      and (state like 'idle in transaction%' or wait_event_type = 'Lock')`)
  const crashes = serverNames
    .map((name) => cluster.servers[name])
    .filter((server) => server.crashes > 0)
    .map((server) => `${server.name} ended ${server.crashes} times by itself`)
  const ready = await Promise.all(serverNames.map((name) => cluster.servers[name].ready()))
  const ill = serverNames.filter((_, at) => !ready[at]).map((name) => `${name} is not ready`)
  const readers = load.readers
    .filter((reader) => !reader.live())
    .map((reader) => `the stream of ${reader.name} is ${reader.stream.state().state}`)
  return [...rows.map(({ sentence }) => sentence), ...crashes, ...ill, ...readers]
}
