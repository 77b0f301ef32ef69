"""Every matter that is there begins its history with the version it stands at, and every case says that it was filed under it."""

from django.db import migrations

BEGIN = """
insert into cases_matteroffer (matter_id, catalogue_id, body, made_at)
select m.id, c.id, m.body, c.loaded_at
from cases_matter m
cross join lateral (select id, loaded_at from cases_mattercatalogue order by version desc, id desc limit 1) c
where m.ended_on is null;

insert into cases_matterversion (matter_id, version, route, change, body, retired, auto, offer_id, reason, cite, user_id, made_as, made_at)
select m.id, 1, 1, 'loaded', m.body, m.ended_on is not null, false, o.id, '', '', null, '系统', coalesce(o.made_at, now())
from cases_matter m left join cases_matteroffer o on o.matter_id = m.id;

update cases_matter set version = 1, route = 1;
update cases_case c set matter_version_id = v.id from cases_matterversion v where v.matter_id = c.matter_id;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_matter_history")]
    operations = [migrations.RunSQL(BEGIN, reverse_sql=migrations.RunSQL.noop)]
