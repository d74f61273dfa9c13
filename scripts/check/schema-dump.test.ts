import { createPool } from '@parley/core/db/pool'
import { schemaDump } from '@parley/core/db/schema-dump'
import { expect, test } from 'vitest'
import { withDatabase } from '../database.ts'

const schema = `
  create type zz_mood as enum ('calm', 'loud');
  create domain zz_slug as text constraint zz_short check (length(value) < 10);
  create sequence zz_seq cache 10;
  create table zz_rooms (
    id bigint generated always as identity primary key,
    name text,
    slug zz_slug not null default 'x',
    name_length integer generated always as (length(name)) stored,
    constraint zz_named check (name <> '')
  ) with (fillfactor = 80);
  alter table zz_rooms alter column name set storage external;
  create index zz_by_name on zz_rooms (name) where name is not null;
  create table zz_log (at timestamptz not null, room_id bigint references zz_rooms)
    partition by range (at);
  create table zz_log_rest partition of zz_log default;
  create table zz_log_20300101 partition of zz_log
    for values from ('2030-01-01') to ('2030-01-02');
  create view zz_names as select name from zz_rooms;
  create function zz_touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger zz_touched after insert on zz_rooms for each row execute function zz_touch();
  alter table zz_rooms enable always trigger zz_touched;`

const expected = [
  `create type zz_mood as enum ('calm', 'loud');`,
  `create domain zz_slug as text constraint zz_short CHECK ((length(VALUE) < 10));`,
  `create sequence zz_seq as bigint increment 1 start 1 cache 10;`,
  `create table zz_log (
  at timestamp with time zone not null,
  room_id bigint,
  constraint zz_log_room_id_fkey FOREIGN KEY (room_id) REFERENCES zz_rooms(id)
) partition by RANGE (at);`,
  `create table zz_log_rest partition of zz_log DEFAULT;`,
  `create table zz_rooms (
  id bigint generated always as identity not null,
  name text,
  slug zz_slug default 'x'::text not null,
  name_length integer generated always as (length(name)) stored,
  constraint zz_rooms_pkey PRIMARY KEY (id),
  constraint zz_named CHECK ((name <> ''::text))
) with (fillfactor=80);`,
  `alter table zz_rooms alter column name set storage external;`,
  `CREATE INDEX zz_by_name ON public.zz_rooms USING btree (name) WHERE (name IS NOT NULL);`,
  `create view zz_names as
 SELECT name
   FROM zz_rooms;`,
  `CREATE OR REPLACE FUNCTION public.zz_touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$begin return new; end$function$;`,
  `CREATE TRIGGER zz_touched AFTER INSERT ON public.zz_rooms FOR EACH ROW EXECUTE FUNCTION zz_touch();
alter table zz_rooms enable always trigger zz_touched;`,
]

test('the schema dump holds each kind of object and no partition of a day', async () => {
  const dump = await withDatabase(async (url) => {
    const pool = createPool({ url, max: 1, name: 'test' })
    await pool.run({ name: '', text: schema, values: [] })
    const text = await schemaDump(pool)
    await pool.close()
    return text
  })
  for (const part of expected) expect(dump).toContain(`${part}\n`)
  expect(dump).not.toContain('zz_log_20300101')
})
