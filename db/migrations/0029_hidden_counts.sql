-- Where newcomers no longer see what was before them, markers that stand before the joining move there:
-- what nobody may read is not counted as unread.
create or replace function chats_changed() returns trigger
  language plpgsql as $$
begin
  perform append_events(array_agg(n.id order by n.id), array_agg('ChatUpdated'::text),
    array_agg(jsonb_build_object('chat_id', n.id, 'type', n.type, 'name', n.name,
      'description', n.description, 'history', n.history) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is null
    and (n.type, n.name, n.description, n.history) is distinct from (o.type, o.name, o.description, o.history)
  having count(*) > 0;

  update chat_members m set read_seq = m.joined_seq
  from new_rows n join old_rows o on o.id = n.id
  where n.history = 'since_join' and o.history <> 'since_join' and n.deleted_at is null
    and m.chat_id = n.id and m.left_seq is null and m.read_seq < m.joined_seq;

  perform append_events(array_agg(n.id order by n.id), array_agg('ChatDeleted'::text),
    array_agg(jsonb_build_object('chat_id', n.id) order by n.id))
  from new_rows n join old_rows o on o.id = n.id
  where n.deleted_at is not null and o.deleted_at is null
  having count(*) > 0;
  return null;
end $$;

-- Those that stand there already.
update chat_members m set read_seq = m.joined_seq
from chats c
where c.id = m.chat_id and c.history = 'since_join' and c.deleted_at is null
  and m.left_seq is null and m.read_seq < m.joined_seq;
