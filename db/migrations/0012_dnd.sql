-- Whether somebody is there is never in a table. That they are not to be disturbed is not about this
-- moment: it is a setting of the account, which outlives reloads, devices and servers. Until when;
-- infinity where it has no end, null where they may be disturbed.
alter table users add column dnd_until timestamptz;
