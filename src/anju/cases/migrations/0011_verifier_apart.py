"""Who did the work does not verify it: the database says so too, whatever the service that writes the event (职责分离)."""

from django.db import migrations

APART = """
create function cases_verifier_is_apart() returns trigger language plpgsql as $$
begin
  if exists (
    select from cases_casetask task
    where task.case_id = new.case_id and task.kind in ('lead', 'helpers', 'dissuade') and task.state in ('open', 'done')
      and new.body::jsonb -> 'units' ? task.unit_id::text
  ) then
    raise exception 'event % of case %: who did the work does not verify it', new.seq, new.case_id
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger verifier_is_apart before insert on cases_caseevent for each row
  when (new.transition in ('verify_pass', 'verify_close', 'verify_fail', 'item_pass', 'item_fail'))
  execute function cases_verifier_is_apart();
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0010_clock_level"),)
    operations = (migrations.RunSQL(APART, reverse_sql=migrations.RunSQL.noop),)
