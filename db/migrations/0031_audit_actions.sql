-- Administrators look for an action, or all of a kind by how it begins, which may be rare among millions.
create index audit_log_action on audit_log (action text_pattern_ops, position);
