import { afterEach, expect, test } from 'vitest'
import { byHand } from '../stack/by-hand.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { type Graph, groupWith, step } from './graphs/graph.ts'
import { runGraphs } from './graphs/run.ts'

interface Leak {
  name: string
  /** Puts it into the database. */
  statements: string[]
  found: RegExp
  /** Where it shows; otherwise chance finds it. */
  example?: Graph
}

const leaks: Leak[] = [
  {
    name: 'whoever joins is in a little earlier',
    statements: [
      `create or replace function open_chat_membership() returns trigger language plpgsql as $$
       begin
         new.read_seq := next_seq(new.chat_id);
         new.joined_seq := greatest(new.read_seq - 3, (select coalesce(max(m.left_seq), 0)
           from chat_members m where m.chat_id = new.chat_id and m.user_id = new.user_id));
         return new;
       end $$`,
    ],
    found: /leak: p\d, (?:open stream|resumed stream|events|newest page|page|one message)/,
  },
  {
    name: 'whoever is removed stays',
    statements: [
      `create or replace function close_chat_membership() returns trigger language plpgsql as $$
       begin return null; end $$`,
    ],
    found: /leak: p\d, /,
  },
  {
    name: 'whoever leaves a workspace stays in its channels',
    statements: [
      `create function stay() returns trigger language plpgsql as $$
       begin
         if pg_trigger_depth() > 2 and new.left_seq is not null then return null; end if;
         return new;
       end $$`,
      `create trigger a_stay before update on chat_members for each row execute function stay()`,
    ],
    found: /leak: p1, bootstrap/,
    example: groupWith('since_join', step('enter', 0, 1), step('exit', 0, 1)),
  },
  {
    name: 'what was deleted is counted',
    statements: [
      `create or replace function unread_count(p_user_id bigint, p_chat_id bigint, p_read_seq bigint)
       returns integer language sql stable as $$
         select count(*)::integer from messages m
         where m.chat_id = p_chat_id and m.seq > p_read_seq and m.sender_id <> p_user_id $$`,
    ],
    found: /leak: p1, bootstrap : .* 1 unread/,
    example: groupWith('since_join', step('say', 2, 0), step('erase', 0, 0)),
  },
  {
    name: 'an edit has its text for everybody who is in',
    statements: [
      `create function tell_all() returns trigger language plpgsql as $$
       begin
         new.body := jsonb_set(new.body, '{since_join}', 'false');
         return new;
       end $$`,
      `create trigger tell_all before insert on event_log for each row
       when (new.kind = 'MessageUpdated') execute function tell_all()`,
    ],
    found: /leak: p2, open stream : text/,
    example: groupWith('since_join', step('say', 2, 0), step('join', 2, 0), step('edit', 0, 0)),
  },
]

/** In it nothing shows. */
const calm = groupWith('since_join', step('read', 2, 0))

let stack: Stack
afterEach(() => stack.stop())

test.each(leaks)(
  'the graphs find it where $name',
  async ({ statements, found, example = calm }) => {
    stack = await startStack()
    const graphs = { graphs: 100, seed: 20261126, shrink: false, examples: [example] }
    // Of the same database without the fault the example says nothing.
    const sound = await runGraphs(stack, { ...graphs, graphs: 1, lanes: 1 })
    expect(sound.failure).toBe(undefined)
    for (const statement of statements) await byHand(stack.databaseUrl, statement, [])
    expect((await runGraphs(stack, graphs)).failure).toMatch(found)
  },
)
