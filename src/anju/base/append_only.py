"""Migration operation: a table whose rows can be added and never changed, by anyone who does not own it."""

from django.db.migrations.operations import RunSQL

FUNCTION = """
create function base_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create function base_sealed() returns trigger language plpgsql as $$
begin
  if current_user <> (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    raise exception 'table % is written by its trigger only', tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""

_GUARD = """
create trigger append_only before update or delete on {table} for each row execute function base_append_only();
create trigger append_only_truncate before truncate on {table} for each statement execute function base_append_only();
alter table {table} enable always trigger append_only, enable always trigger append_only_truncate;
"""

_SEAL = """
create trigger sealed before insert on {table} for each row execute function base_sealed();
alter table {table} enable always trigger sealed;
"""


def append_only(table: str) -> RunSQL:
    """Return the operation that guards `table`. The grants of the runtime role follow from the trigger's name."""
    return RunSQL(_GUARD.format(table=table), reverse_sql=RunSQL.noop)


def sealed(table: str) -> RunSQL:
    """Return the operation that lets only functions with the owner's rights (`security definer`) add rows to `table`."""
    return RunSQL(_SEAL.format(table=table), reverse_sql=RunSQL.noop)
