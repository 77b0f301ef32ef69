"""The codes a matter may name and the units of each item come to a county founded by an older release, until its files are read again."""

from django.db import migrations

LISTS = """
update cases_mattercatalogue set units = coalesce(
  (select jsonb_object_agg(u.code, o.name) from cases_unitcode u join places_organisation o on o.id = u.organisation_id), '{}'::jsonb
) where units = '{}'::jsonb;
update cases_mattercatalogue set items = coalesce(
  (select jsonb_object_agg(i.code, coalesce(
    (select jsonb_agg(u.code order by r.position) from places_responsibility r
     join cases_unitcode u on u.organisation_id = r.organisation_id where r.item_id = i.id), '[]'::jsonb))
   from places_policyitem i where i.units_text <> ''
     and i.edition_id = (select id from places_policyedition order by in_force_from desc, version desc, id desc limit 1)), '{}'::jsonb
) where items = '{}'::jsonb;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_matters_are_kept"), ("places", "0004_organisation_phones")]
    operations = [migrations.RunSQL(LISTS, reverse_sql=migrations.RunSQL.noop)]
