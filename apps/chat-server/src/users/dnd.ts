import type { DndSchedule } from '@parley/contract'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'

/** Of these people, those who are not to be disturbed now. */
export const undisturbed = (db: Db, ids: number[]) =>
  db.rows(sql<{ id: number }>`
    select u.id from users u left join dnd_schedules s on s.user_id = u.id
    where u.id = any (${ids}::bigint[]) and (u.dnd_until > clock_timestamp()
      or s.user_id is not null and (dnd_at(u.id, clock_timestamp())).dnd_until is not null)`)

/** Until when somebody is not to be disturbed; with dnd and no time there is no end. */
export const findDnd = (db: Db, userId: number) =>
  db.maybe(sql<{ dnd: boolean; dnd_until: string | null }>`
    select d.dnd_until is not null as dnd,
      case when isfinite(d.dnd_until) then d.dnd_until end as dnd_until
    from users u cross join lateral (select * from dnd_at(u.id, clock_timestamp())) d
    where u.id = ${userId}`)

/** `minutes` null: without an end. Without `dnd` the window of the schedule that is now is over too. */
export const setDnd = (db: Db, userId: number, dnd: boolean, minutes: number | null) =>
  db.run(sql`
    with skipped as (
      update dnd_schedules s set skipped_until = w.ends_at
      from dnd_window(${userId}, clock_timestamp()) w
      where not ${dnd} and s.user_id = ${userId} and w.starts_at <= clock_timestamp()
    )
    update users set dnd_until = case when ${dnd} then
      coalesce(clock_timestamp() + make_interval(mins => ${minutes}), 'infinity') end
    where id = ${userId}`)

export const findSchedule = (db: Db, userId: number) =>
  db.maybe(sql<DndSchedule>`
    select left(from_time::text, 5)::text as from_time, left(to_time::text, 5)::text as to_time,
      weekdays, time_zone
    from dnd_schedules where user_id = ${userId}`)

export const setSchedule = (db: Db, userId: number, schedule: DndSchedule) => {
  const { from_time, to_time, weekdays, time_zone } = schedule
  return db.run(sql`
    insert into dnd_schedules (user_id, from_time, to_time, weekdays, time_zone)
    values (${userId}, ${from_time}::time, ${to_time}::time, ${weekdays}::smallint[], ${time_zone})
    on conflict (user_id) do update set from_time = excluded.from_time, to_time = excluded.to_time,
      weekdays = excluded.weekdays, time_zone = excluded.time_zone, skipped_until = null`)
}

export const removeSchedule = (db: Db, userId: number) =>
  db.run(sql`delete from dnd_schedules where user_id = ${userId}`)

/** By its name: a time zone that is written in another way is none. */
export const isTimeZone = async (db: Db, name: string): Promise<boolean> =>
  (await db.maybe(sql<{ name: string }>`
    select name from pg_timezone_names where name = ${name}`)) !== undefined
