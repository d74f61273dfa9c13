-- The writes that come often, each a function that takes many at once: what waits in a server goes
-- together in the next call, so that one commit, and one bell, serve all of it.

-- Sends messages, the n-th of each array being one. p_mentions holds the names mentioned, separated
-- by spaces. Each row is authorised on its own and one bad row never fails its neighbours. Returns a
-- row for each: created; known (the sender used this nonce in this chat before: the message is the
-- first one); not_member; or no_reply (what it replies to is not in this chat).
--
-- Locks come first and in the order of ids. Every statement of a READ COMMITTED function sees what
-- was committed before it began, so the look for a known nonce, after the locks, misses none; in a
-- single statement it would look at a snapshot older than the locks.
create function send_messages(
  p_chat_ids bigint[], p_sender_ids bigint[], p_contents text[], p_nonces text[],
  p_reply_tos bigint[], p_mentions text[]
) returns table (n integer, outcome text, message messages)
  language plpgsql as $$
begin
  perform lock_topics(p_chat_ids);
  return query
  with input as (
    select i.n::integer, i.chat_id, i.sender_id, i.content, i.nonce, i.reply_to, i.names
    from unnest(p_chat_ids, p_sender_ids, p_contents, p_nonces, p_reply_tos, p_mentions)
      with ordinality i (chat_id, sender_id, content, nonce, reply_to, names, n)
  ), judged as (
    select i.*, k as known, case
      when m.chat_id is null then 'not_member'
      when k.id is not null then 'known'
      when i.reply_to is not null and not exists (
        select from messages r where r.id = i.reply_to and r.chat_id = i.chat_id and r.deleted_at is null
          and (c.history = 'all' or r.seq > m.joined_seq)) then 'no_reply'
      else 'created' end as outcome
    from input i
    left join (
      chat_members m
      join chats c on c.id = m.chat_id and c.deleted_at is null
      join users u on u.id = m.user_id and u.status = 'active'
    ) on m.chat_id = i.chat_id and m.user_id = i.sender_id and m.left_seq is null
    left join messages k on k.chat_id = i.chat_id and k.sender_id = i.sender_id and k.nonce = i.nonce
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
        select u.id from users u join chat_members cm on cm.user_id = u.id
        where lower(u.username) = any (string_to_array(f.names, ' '))
          and cm.chat_id = f.chat_id and cm.left_seq is null
        order by u.id) end
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
-- chat has no such seq yet). Of several for one member the last one counts.
create function move_read_markers(p_chat_ids bigint[], p_user_ids bigint[], p_seqs bigint[])
  returns table (n integer, outcome text)
  language plpgsql as $$
begin
  -- In one order, so that two servers doing the same never wait for each other.
  perform 1 from chat_members m
  where (m.chat_id, m.user_id) in (select * from unnest(p_chat_ids, p_user_ids)) and m.left_seq is null
  order by m.chat_id, m.user_id for no key update;
  return query
  with input as (
    select i.n::integer, i.chat_id, i.user_id, i.seq, case
      when m.chat_id is null then 'not_member'
      when i.seq > t.last_seq then 'beyond'
      else 'moved' end as outcome
    from unnest(p_chat_ids, p_user_ids, p_seqs) with ordinality i (chat_id, user_id, seq, n)
    left join (chat_members m join chats c on c.id = m.chat_id and c.deleted_at is null)
      on m.chat_id = i.chat_id and m.user_id = i.user_id and m.left_seq is null
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
