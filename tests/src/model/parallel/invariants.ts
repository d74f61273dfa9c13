import { sql } from '@parley/core/db/sql'
import { same } from '../actions/attempt.ts'
import { expectConvergence } from '../agreement/agreement.ts'
import { expectAnnounced, expectDelivered } from '../agreement/received.ts'
import { type Stage, actorOf } from '../stage.ts'
import type { Person, World } from '../world/world.ts'
import { countsAt, expectCounts } from './counts.ts'
import { type Log, readLogs } from './logs.ts'
import { type Stay, isInside } from './membership.ts'
import { expectStored } from './stored.ts'

/** What is true whoever did what at the same time: everything follows from the final log. */
export async function expectInvariants(stage: Stage, world: World): Promise<void> {
  const { sql: db } = stage.stack
  const people = world.people.map(({ id }) => id)
  const logs = await readLogs(db, people)
  const stays = await expectStored(db, logs)
  await expectOnce(stage, people)
  for (const person of world.people) {
    const own = logs.find(({ topic }) => topic === `user:${person.id}`)
    if (!own) throw new Error(`${person.name} has no topic`)
    await expectBootstrap(stage, person, logs, expectCounts(own, logs))
    await expectStream(stage, person, logs, stays)
    await expectConvergence(actorOf(stage, person))
  }
}

/** One single chat for two people, one message for a nonce, and its event has the message's seq. */
async function expectOnce({ stack: { sql: db } }: Stage, people: readonly number[]): Promise<void> {
  const singles = await db.rows(sql<{ low_user_id: number | null; high_user_id: number | null }>`
    select low_user_id, high_user_id from chats
    where type = 'single' and low_user_id = any (${people}::bigint[])
    group by low_user_id, high_user_id having count(*) > 1`)
  const repeats = await db.rows(sql<{ chat_id: number; sender_id: number; nonce: string }>`
    select chat_id, sender_id, nonce from messages
    where sender_id = any (${people}::bigint[]) and nonce is not null
    group by chat_id, sender_id, nonce having count(*) > 1`)
  const untold = await db.rows(sql<{ id: number }>`
    select m.id from messages m
    where m.sender_id = any (${people}::bigint[]) and not exists (
      select from event_log l where l.topic_id = m.chat_id and l.seq = m.seq and l.kind = 'NewMessage'
        and (l.body->'message'->>'id')::bigint = m.id)`)
  same({ singles, repeats, untold }, { singles: [], repeats: [], untold: [] })
}

/** Everybody's counts are those of the chat's log behind their marker. */
async function expectBootstrap(
  stage: Stage,
  person: Person,
  logs: readonly Log[],
  markers: ReadonlyMap<number, number>,
): Promise<void> {
  const { chats } = await actorOf(stage, person).follower.client.getBootstrap()
  for (const { id, read_seq, unread_count, mention_count } of chats) {
    const log = logs.find(({ topic }) => topic === `chat:${id}`)
    if (!log) throw new Error(`chat ${id} has no log`)
    const read = markers.get(id) ?? 0
    same(
      [person.name, id, { read_seq, unread_count, mention_count }],
      [person.name, id, { read_seq: read, ...countsAt(log, person.id, read, log.events.length) }],
    )
  }
}

/** What reached somebody is what lies inside their intervals. */
async function expectStream(
  stage: Stage,
  person: Person,
  logs: readonly Log[],
  stays: ReadonlyMap<string, Stay[]>,
): Promise<void> {
  const { follower } = actorOf(stage, person)
  await expectDelivered(
    person,
    follower,
    logs.flatMap(({ topic, events }) => {
      if (topic.startsWith('user:') && topic !== `user:${person.id}`) return []
      const may = events.filter(
        ({ seq }) => topic.startsWith('user:') || isInside(stays.get(topic) ?? [], person.id, seq),
      )
      const gone = ['ChatDeleted', 'WorkspaceDeleted'].includes(events.at(-1)?.kind ?? '')
      return { topic, gone, entitled: may.map(({ seq, kind }) => `${seq} ${kind}`) }
    }),
  )
  expectAnnounced(follower.events)
}
