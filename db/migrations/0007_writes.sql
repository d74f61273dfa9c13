-- The writes that come often, each a function that takes many at once: what waits in a server goes
-- together in the next call, so that one commit, and one bell, serve all of it.

-- Sends messages, the n-th of each array being one. p_mentions holds the names mentioned, separated
-- by spaces. Each row is authorised on its own and one bad row never fails its neighbours. Returns a
-- row for each: created; known (the sender used this nonce in this chat before: the message is the
-- first one); not_member; or no_reply (what it replies to is not in this chat).
--
-- Locks come first and in the order of ids. Every statement of a READ COMMITTED function sees what
-- was committed before it began, so the look for a known nonce, after the locks, misses none; in a
-- single statement it would look at a snapshot older than the locks. A chat that somebody else keeps
-- locked ends the call after p_lock_timeout_ms (0: never), so that one chat cannot hold up all.
--
-- OFFSET 0 makes each look-up one of its own: a generic plan made before there are statistics would
-- read all members of a chat, which takes a second where they are 100,000.
create function send_messages(
  p_chat_ids bigint[], p_sender_ids bigint[], p_contents text[], p_nonces text[],
  p_reply_tos bigint[], p_mentions text[], p_lock_timeout_ms integer default 0
) returns table (n integer, outcome text, message messages)
  language plpgsql as $$
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  perform lock_topics(p_chat_ids);
  return query
  with input as (
    select i.n::integer, i.chat_id, i.sender_id, i.content, i.nonce, i.reply_to, i.names
    from unnest(p_chat_ids, p_sender_ids, p_contents, p_nonces, p_reply_tos, p_mentions)
      with ordinality i (chat_id, sender_id, content, nonce, reply_to, names, n)
  ), judged as (
    select i.*, k.known, case
      when m.history is null then 'not_member'
      when k.id is not null then 'known'
      when i.reply_to is not null and not exists (
        select from messages r where r.id = i.reply_to and r.chat_id = i.chat_id and r.deleted_at is null
          and (m.history = 'all' or r.seq > m.joined_seq)) then 'no_reply'
      else 'created' end as outcome
    from input i
    left join lateral (
      select m.joined_seq, c.history from chat_members m
      join chats c on c.id = m.chat_id and c.deleted_at is null
      join users u on u.id = m.user_id and u.status = 'active'
      where m.chat_id = i.chat_id and m.user_id = i.sender_id and m.left_seq is null offset 0
    ) m on true
    left join lateral (
      select k.id, k as known from messages k
      where k.chat_id = i.chat_id and k.sender_id = i.sender_id and k.nonce = i.nonce offset 0
    ) k on i.nonce is not null
  ), fresh as (
    -- The same nonce twice in one call is one message.
    select distinct on (j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end) j.*
    from judged j where j.outcome = 'created'
    order by j.chat_id, j.sender_id, j.nonce, case when j.nonce is null then j.n end, j.n
  ), bumped as (
    update topics t set last_seq = t.last_seq + f.messages
    from (select f.chat_id, count(*) as messages from fresh f group by 1) f
    where t.id = f.chat_id
    returning t.id, t.last_seq - f.messages as base
  ), inserted as (
    insert into messages as m (chat_id, seq, sender_id, content, nonce, reply_to, mentions)
    select f.chat_id, b.base + row_number() over (partition by f.chat_id order by f.n), f.sender_id,
      f.content, f.nonce, f.reply_to, case when f.names is null then '{}' else array(
        select u.id from unnest(string_to_array(f.names, ' ')) name
        cross join lateral (select u.id from users u where lower(u.username) = name offset 0) u
        cross join lateral (
          select from chat_members cm
          where cm.chat_id = f.chat_id and cm.user_id = u.id and cm.left_seq is null offset 0) cm
        group by u.id order by u.id) end
    from fresh f join bumped b on b.id = f.chat_id
    returning m as message, m.chat_id, m.seq
  ), placed as (
    select f.*, i.message from (
      select f.n, f.chat_id, f.sender_id, f.nonce,
        b.base + row_number() over (partition by f.chat_id order by f.n) as seq
      from fresh f join bumped b on b.id = f.chat_id
    ) f join inserted i on i.chat_id = f.chat_id and i.seq = f.seq
  )
  select j.n, case when j.outcome = 'created' and p.n <> j.n then 'known' else j.outcome end,
    coalesce(p.message, j.known)
  from judged j
  left join placed p on p.chat_id = j.chat_id and p.sender_id = j.sender_id
    and (p.n = j.n or p.nonce = j.nonce)
  order by j.n;
end $$;

-- Moves read markers, forward or back. Returns a row for each: moved; not_member; or beyond (the
-- chat has no such seq yet). Of several for one member the last one counts. Where newcomers do not see
-- what was before them, a marker goes back no further than to where they joined: the counts behind it
-- would tell.
create function move_read_markers(
  p_chat_ids bigint[], p_user_ids bigint[], p_seqs bigint[], p_lock_timeout_ms integer default 0
) returns table (n integer, outcome text)
  language plpgsql as $$
begin
  perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
  -- In one order, so that two servers doing the same never wait for each other; and the people's
  -- topics, which get the events, before the memberships, as whoever removes a member does.
  perform lock_topics(p_user_ids);
  perform 1 from chat_members m
  where (m.chat_id, m.user_id) in (select * from unnest(p_chat_ids, p_user_ids)) and m.left_seq is null
  order by m.chat_id, m.user_id for no key update;
  return query
  with input as (
    select i.n::integer, i.chat_id, i.user_id, greatest(i.seq, m.least_seq) as seq, case
      when m.least_seq is null then 'not_member'
      when i.seq > t.last_seq then 'beyond'
      else 'moved' end as outcome
    from unnest(p_chat_ids, p_user_ids, p_seqs) with ordinality i (chat_id, user_id, seq, n)
    left join lateral (
      select case c.history when 'since_join' then m.joined_seq else 0 end as least_seq
      from chat_members m join chats c on c.id = m.chat_id and c.deleted_at is null
      where m.chat_id = i.chat_id and m.user_id = i.user_id and m.left_seq is null offset 0
    ) m on true
    left join topics t on t.id = i.chat_id
  ), latest as (
    select distinct on (i.chat_id, i.user_id) i.* from input i where i.outcome = 'moved'
    order by i.chat_id, i.user_id, i.n desc
  ), moved as (
    update chat_members m set read_seq = l.seq from latest l
    where m.chat_id = l.chat_id and m.user_id = l.user_id and m.left_seq is null and m.read_seq <> l.seq
  )
  select i.n, i.outcome from input i order by i.n;
end $$;
