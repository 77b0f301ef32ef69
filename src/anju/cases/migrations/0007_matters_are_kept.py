"""The history of matters only grows, and a matter holds what its newest version says, confirmed where its route was."""

import django.db.models.deletion
from django.db import migrations, models

from anju.base.append_only import append_only

NEWEST = """
create function cases_matter_is_newest() returns trigger language plpgsql as $$
declare
  at bigint;
  fits boolean;
begin
  if tg_table_name = 'cases_matter' then at := new.id; else at := new.matter_id; end if;
  select m.version = v.version and m.route = v.route and m.auto = v.auto and m.body = v.body
     and m.name = v.body ->> 'name' and m.type = v.body ->> 'type' and m.code = v.body ->> 'code'
     and (m.ended_on is not null) = v.retired
     and m.confirmed = exists (select from cases_matterconfirmation c where c.matter_id = m.id and c.route = m.route)
  into fits
  from cases_matter m
  join lateral (select * from cases_matterversion where matter_id = m.id order by version desc limit 1) v on true
  where m.id = at;
  if fits is distinct from true then
    raise exception 'matter % is not what its newest version says', at using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create constraint trigger is_newest after insert or update on cases_matter
  deferrable initially deferred for each row execute function cases_matter_is_newest();
create constraint trigger is_newest after insert on cases_matterversion
  deferrable initially deferred for each row execute function cases_matter_is_newest();
create constraint trigger is_newest after insert on cases_matterconfirmation
  deferrable initially deferred for each row execute function cases_matter_is_newest();
create function cases_matter_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a matter is retired, never deleted' using errcode = 'restrict_violation';
end $$;
create trigger stays before delete on cases_matter for each row execute function cases_matter_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_matters_begin"), ("base", "0002_append_only")]
    operations = [
        migrations.AlterField(
            model_name="case",
            name="matter_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="cases.matterversion"
            ),
        ),
        append_only("cases_matteroffer"),
        append_only("cases_matterversion"),
        append_only("cases_matterconfirmation"),
        migrations.RunSQL(NEWEST, reverse_sql=migrations.RunSQL.noop),
    ]
