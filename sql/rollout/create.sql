-- The journal and the lock of rollouts, in a schema of their own that is there. Entries can be added and
-- nothing else.
-- Returns nothing.
create table tenantctl.rollout_journals (
  name text primary key
);
create table tenantctl.rollout_entries (
  journal text not null references tenantctl.rollout_journals (name),
  sequence int8 not null,
  line text not null,
  recorded_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (journal, sequence)
);
create table tenantctl.rollout_locks (
  journal text not null references tenantctl.rollout_journals (name),
  fence int8 not null,
  record text not null,
  primary key (journal, fence)
);
create function tenantctl.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'entries of % are only ever added', tg_table_name;
end
$$;
create trigger rollout_entries_stay
  before update or delete on tenantctl.rollout_entries
  for each row execute function tenantctl.refuse_change();
create trigger rollout_entries_stay_all
  before truncate on tenantctl.rollout_entries
  for each statement execute function tenantctl.refuse_change();
