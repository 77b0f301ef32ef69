"""What was done stays: events only grow, each behind the last, and a case stands where its last event left it."""

from django.db import migrations

from anju.base.append_only import append_only

# The chain is computed here as in rules/chain.py, so that no service can add an event that does not fit.
CHAIN = """
create function cases_event_fits() returns trigger language plpgsql as $$
declare
  last_seq integer := 0;
  last_digest text := repeat('0', 64);
begin
  select seq, digest into last_seq, last_digest from cases_caseevent where case_id = new.case_id order by seq desc limit 1;
  last_seq := coalesce(last_seq, 0);
  last_digest := coalesce(last_digest, repeat('0', 64));
  if new.seq <> last_seq + 1 or new.previous <> last_digest
     or new.digest <> encode(sha256(decode(last_digest, 'hex') || convert_to(new.body, 'UTF8')), 'hex') then
    raise exception 'event % of case % does not follow its last', new.seq, new.case_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger event_fits before insert on cases_caseevent for each row execute function cases_event_fits();

create function cases_state_is_last() returns trigger language plpgsql as $$
declare
  now_state text;
  now_version integer;
  last_state text;
  last_seq integer;
begin
  select state, version into now_state, now_version from cases_case where id = new.id;
  select state, seq into last_state, last_seq from cases_caseevent where case_id = new.id order by seq desc limit 1;
  if now_state is distinct from last_state or now_version is distinct from last_seq then
    raise exception 'case % is not where its last event left it', new.id using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger state_is_last after insert or update of state, version on cases_case
  deferrable initially deferred for each row execute function cases_state_is_last();

create function cases_note_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.event_id = old.event_id and new.texts = '{}'::jsonb and new.erased_at is not null then
    return new;
  end if;
  raise exception 'what was written with an act is kept or erased, never changed' using errcode = 'restrict_violation';
end $$;
create trigger note_is_kept before update or delete on cases_casenote for each row execute function cases_note_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_ledger"), ("base", "0002_append_only")]
    operations = [
        append_only("cases_caseevent"),
        append_only("cases_workflowedition"),
        migrations.RunSQL(CHAIN, reverse_sql=migrations.RunSQL.noop),
    ]
