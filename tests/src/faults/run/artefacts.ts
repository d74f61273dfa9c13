import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Cluster } from '../cluster/cluster.ts'
import type { History } from '../history/entry.ts'

const root = fileURLToPath(new URL('../../../../.faults', import.meta.url))

/** Where all that is left of a run is kept; what an earlier one of the same name left is gone. */
export async function emptyFolder(name: string): Promise<string> {
  const folder = join(root, name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  return folder
}

/** An entry a line, and last the final state. */
export async function writeHistory(folder: string, history: History): Promise<void> {
  const { plan, entries, final } = history
  const lines = [plan, ...entries, final].map((one) => JSON.stringify(one))
  await writeFile(join(folder, 'history.jsonl'), `${lines.join('\n')}\n`)
}

export async function copyLogs(from: string, to: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.log'))
  for (const name of names) await cp(join(from, name), join(to, name))
}

/** In an order in which they can be put back. */
const tables = [
  'log_meta',
  'topics',
  'users',
  'workspaces',
  'workspace_members',
  'chats',
  'chat_members',
  'messages',
  'message_mentions',
  'event_log',
]

/** The tables that a run changes, as statements; secrets are not among them. */
export async function dump(folder: string, { database }: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: database.urlAt(database.port) })
  await client.connect()
  try {
    const parts: string[] = ['set session_replication_role = replica;']
    for (const table of tables) {
      const { rows } = await client.query<{ line: string }>(
        `select format('insert into ${table} overriding system value select * from json_populate_record(null::${table}, %L);',
           row_to_json(t)) as line from ${table} t`,
      )
      parts.push(...rows.map(({ line }) => line))
    }
    await writeFile(join(folder, 'database.sql'), `${parts.join('\n')}\n`)
  } finally {
    await client.end()
  }
}
