-- Where a time lies in a chat: no message with a seq below is from then or later. Seqs are in the order
-- of the messages' times, so it is found by halves, some twenty looks at the index in a long chat.
create function message_seq_at(p_chat_id bigint, p_at timestamptz) returns bigint
  language plpgsql stable as $$
declare
  low bigint := 0;
  high bigint := (select last_seq + 1 from topics where id = p_chat_id);
  middle bigint;
  near record;
begin
  while low < high loop
    middle := (low + high) / 2;
    select m.seq, m.created_at into near from messages m
    where m.chat_id = p_chat_id and m.seq >= middle and m.seq < high order by m.seq limit 1;
    if found and near.created_at < p_at then
      low := near.seq + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;
