import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { migrate } from '@parley/core/db/migrate'
import { serverNames } from '../../cluster/cluster.ts'
import { type Fault, type Field, during, met } from '../fault.ts'
import { byHand } from '../locks.ts'

const id = 'F23'

const migrations = fileURLToPath(new URL('../../../../../db/migrations', import.meta.url))

/** What a next version might bring: columns, an index, a table, and an event of a new kind. */
const next = `
alter table users add column pronouns text;
alter table workspaces add column colour text;
alter table chats add column topic_line text;
alter table chat_members add column nickname text;
alter table messages add column pinned_at timestamptz;
alter table sessions add column device text;
create index messages_pinned on messages (chat_id) where pinned_at is not null;
create table pins (
  message_id bigint primary key references messages (id),
  chat_id bigint not null references chats (id)
);
create function pins_made() returns trigger language plpgsql as $$
begin
  perform append_events(array_agg(n.chat_id order by n.message_id), array_agg('MessagePinned'::text),
    array_agg(jsonb_build_object('message_id', n.message_id) order by n.message_id))
  from new_rows n having count(*) > 0;
  return null;
end $$;
create trigger pins_made after insert on pins referencing new table as new_rows
  for each statement execute function pins_made();
`

export const migration: Fault = {
  id,
  name: 'migration-under-load',
  what: 'The schema is brought up to date while old servers work, and then those are replaced one by one.',
  variants: ['additive'],
  seconds: 20,
  alone: true,
  evidence: 20,
  async run(field, variant) {
    // Nobody may notice that the tables have changed.
    await during(field, { fault: id, target: variant, excuses: false }, async () => {
      const folder = join(field.cluster.database.dataDir, '..', 'migrations')
      await cp(migrations, folder, { recursive: true })
      await writeFile(join(folder, '9999_next.sql'), next)
      const { database } = field.cluster
      met(
        field,
        id,
        'migrations',
        (await migrate(database.urlAt(database.port), undefined, folder)).length,
      )
      await pinFor(field, 6000)
    })
    await during(field, { fault: id, target: 'rolling restart' }, async () => {
      for (const name of serverNames) {
        await field.cluster.servers[name].stop()
        await field.cluster.servers[name].start()
        await pinFor(field, 500)
      }
      await field.cluster.ready()
    })
  },
}

/** What only a new server does: both old and new ones have to live with it. */
async function pinFor(field: Field, ms: number): Promise<void> {
  const hand = await byHand(field)
  const until = performance.now() + ms
  try {
    while (performance.now() < until) {
      const { rows } = await hand.query<{ id: string; chat_id: string }>(
        `select m.id, m.chat_id from messages m
         where not exists (select from pins p where p.message_id = m.id) order by m.id desc limit 2`,
      )
      for (const { id: message, chat_id } of rows) {
        await hand.query('insert into pins values ($1, $2)', [message, chat_id])
        await hand.query('update messages set pinned_at = now() where id = $1', [message])
        met(field, id, 'events of a new kind')
      }
      await delay(100)
    }
  } finally {
    await hand.end()
  }
}
