import pg from 'pg'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import type { Field } from './fault.ts'

/** A connection to the database as somebody at a psql prompt has it. */
export async function byHand({ cluster }: Field): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: cluster.database.urlAt(cluster.database.port) })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Keeps a chat's topic locked, waits until a send waits for it, acts, and lets go. */
export const holdLock = (field: Field, chat: number, act: () => Promise<void>): Promise<number> =>
  holding(field, act, async (hand) => {
    await hand.query('begin')
    await hand.query('select from topics where id = $1 for update', [chat])
  })

/** A number that no other advisory lock has. */
const commits = 5_316_877_001

/** A deferred trigger runs in the commit: there a send can be made to wait, all done but not kept. */
const trigger = `do $$ begin
  if to_regproc('wait_to_commit') is null then
    create function wait_to_commit() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock_shared(${commits}); return null; end';
    create constraint trigger wait_to_commit after insert on messages
      deferrable initially deferred for each row execute function wait_to_commit();
  end if;
end $$`

/** Keeps sends from committing, waits until one does not, acts, and lets go. */
export const holdCommits = (field: Field, act: () => Promise<void>): Promise<number> =>
  holding(field, act, async (hand) => {
    await hand.query(trigger)
    await hand.query('select pg_advisory_lock($1)', [commits])
  })

async function holding(
  field: Field,
  act: () => Promise<void>,
  hold: (hand: pg.Client) => Promise<void>,
): Promise<number> {
  const hand = await byHand(field)
  try {
    await hold(hand)
    const waiting = await until(() => waitingForLocks(field), {
      timeoutMs: 5000,
      what: 'a send that waits for a lock',
    })
    await act()
    return waiting
  } finally {
    // With its connection the transaction ends too, whether the server is still there or not.
    await hand.end().catch(() => undefined)
  }
}

const waitingForLocks = async ({ cluster }: Field): Promise<number> =>
  (
    await cluster.database.sql.one(sql<{ waiting: number }>`
      select count(*)::integer as waiting from pg_stat_activity
      where wait_event_type = 'Lock' and application_name = 'parley chat-server'`)
  ).waiting
