-- A letter for each change of what lets somebody in.
alter table mail_queue drop constraint mail_queue_kind_check;
alter table mail_queue add constraint mail_queue_kind_check
  check (kind in ('reset', 'password_changed', 'sign_up', 'way_changed'));
