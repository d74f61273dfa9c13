-- When somebody does not want to be disturbed each day, by the clock where they are: one row for whoever
-- said so. A window begins on one of the weekdays (0 is Sunday) and ends at `to_time`, on the next day
-- where that is not later. A window that began before `skipped_until` was ended by hand.
create table dnd_schedules (
  user_id bigint primary key references users on delete cascade,
  from_time time not null,
  to_time time not null check (to_time <> from_time),
  weekdays smallint[] not null
    check (cardinality(weekdays) between 1 and 7 and weekdays <@ '{0,1,2,3,4,5,6}'::smallint[]),
  time_zone text not null check (char_length(time_zone) between 1 and 64),
  skipped_until timestamptz
);

-- The window that somebody's schedule is in at a time, or else the next one. A night of yesterday may
-- go on, and the only one of a week may have been skipped today. Where clocks are put forward, a window
-- may be gone altogether.
create function dnd_window(p_user_id bigint, p_at timestamptz)
  returns table (starts_at timestamptz, ends_at timestamptz)
  language sql stable as $$
  select w.starts_at, w.ends_at
  from dnd_schedules s
  cross join generate_series(-1, 7) as ahead
  cross join lateral (select (p_at at time zone s.time_zone)::date + ahead as day) d
  cross join lateral (select
    (d.day + s.from_time) at time zone s.time_zone as starts_at,
    (d.day + (s.to_time < s.from_time)::integer + s.to_time) at time zone s.time_zone as ends_at) w
  where s.user_id = p_user_id
    and extract(dow from d.day)::smallint = any (s.weekdays)
    and w.starts_at < w.ends_at and w.ends_at > p_at
    and (s.skipped_until is null or w.starts_at >= s.skipped_until)
  order by w.starts_at limit 1
$$;

-- Until when somebody is not to be disturbed, as seen at a time: null where they may be, infinity where
-- it has no end; and when that changes next by itself, null where it does not.
create function dnd_at(p_user_id bigint, p_at timestamptz,
  out dnd_until timestamptz, out changes_at timestamptz)
  language plpgsql stable as $$
declare
  latest timestamptz;
  coming record;
begin
  select u.dnd_until into dnd_until from users u where u.id = p_user_id and u.dnd_until > p_at;
  if dnd_until = 'infinity' then
    return;
  end if;
  latest := greatest(p_at, dnd_until);
  select * into coming from dnd_window(p_user_id, latest);
  if coming.starts_at <= latest then
    dnd_until := coming.ends_at;
  end if;
  changes_at := coalesce(dnd_until, coming.starts_at);
end $$;
