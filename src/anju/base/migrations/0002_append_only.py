"""The trail can only grow, and each entry is sealed at commit."""

from django.db import migrations

from anju.base.append_only import FUNCTION, append_only, sealed

# The lock is held only while a transaction commits; it makes the order of the chain the order of commits.
SEAL = """
create function base_audit_seal() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last_seq bigint := 0;
  last_digest text := repeat('0', 64);
begin
  perform pg_advisory_xact_lock(7061707);
  select seq, digest into last_seq, last_digest from public.base_auditlink order by seq desc limit 1;
  last_seq := coalesce(last_seq, 0);
  last_digest := coalesce(last_digest, repeat('0', 64));
  insert into public.base_auditlink (seq, entry_id, previous, digest)
  values (last_seq + 1, new.id, last_digest,
          encode(sha256(decode(last_digest, 'hex') || convert_to(new.body, 'UTF8')), 'hex'));
  return null;
end $$;
create constraint trigger audit_seal after insert on base_auditentry
  deferrable initially deferred for each row execute function base_audit_seal();
alter table base_auditentry enable always trigger audit_seal;
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, reverse_sql=migrations.RunSQL.noop),
        append_only("base_auditentry"),
        append_only("base_auditlink"),
        sealed("base_auditlink"),
        migrations.RunSQL(SEAL, reverse_sql=migrations.RunSQL.noop),
    ]
