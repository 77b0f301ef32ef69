"""The rows of the one table follow compounds, divisions and cells by triggers: whoever writes those, by whatever way, keeps the table true.

Triggers of a statement, not of a row: an import writes thousands at once. The document of a row stays in its page uncompressed, since
narrowing reads it for every row it passes.
"""

from django.db import migrations

_COLUMNS = "compound_id, division_id, town_id, place, name, kind, service_state, pinyin, initials, cells"
_CELL = """
  jsonb_strip_nulls(jsonb_build_object(
    'l', x.low, 'h', x.high, 't', nullif(x.text, ''), 'f', nullif(x.form, ''), 'a', case when x.approximate then 1 end,
    's', nullif(x.sources, 1), 'c', case when x.conflict then 1 end,
    'd', to_char(x.stale_on, 'YYYYMMDD')::int, 'o', to_char(x.observed_on, 'YYYYMMDD')::int))
"""
_ROWS = f"""
  select c.id, d.id, t.id, (case when t.awaiting then '1' else '0' end) || t.code,
         c.name, c.kind, c.service_state, c.pinyin, c.initials,
         coalesce((select jsonb_object_agg('i' || x.indicator_id, {_CELL}) from registry_cell x where x.compound_id = c.id), '{{{{}}}}')
    from {{compounds}} c join places_division d on d.id = c.division_id
    join places_division t on t.id = case when d.level = 'community' then d.parent_id else d.id end
   where c.ended_on is null
"""
_KEEP = """
  on conflict (compound_id) do update set
    division_id = excluded.division_id, town_id = excluded.town_id, place = excluded.place, name = excluded.name, kind = excluded.kind,
    service_state = excluded.service_state, pinyin = excluded.pinyin, initials = excluded.initials;
"""


def _upsert(compounds: str) -> str:
    return f"insert into reports_tablerow ({_COLUMNS}) {_ROWS.format(compounds=compounds)} {_KEEP}"


COMPOUNDS = f"""
create function reports_keep_rows() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from reports_tablerow r using fresh f where r.compound_id = f.id and f.ended_on is not null;
  end if;
  {_upsert("fresh")}
  return null;
end $$;
create trigger reports_rows_of_new after insert on places_compound
  referencing new table as fresh for each statement execute function reports_keep_rows();
create trigger reports_rows_of_changed after update on places_compound
  referencing new table as fresh for each statement execute function reports_keep_rows();

create function reports_drop_row() returns trigger language plpgsql as $$
begin
  delete from reports_tablerow where compound_id = old.id;
  return old;
end $$;
create trigger reports_row_of_gone before delete on places_compound for each row execute function reports_drop_row();
"""

DIVISIONS = f"""
create function reports_move_rows() returns trigger language plpgsql as $$
begin
  {_upsert("places_compound").replace("where c.ended_on", "where new.id in (d.id, t.id) and c.ended_on")}
  return null;
end $$;
create trigger reports_rows_of_moved after update of code, parent_id, level, awaiting on places_division for each row
  when (old.code is distinct from new.code or old.parent_id is distinct from new.parent_id or old.level is distinct from new.level
        or old.awaiting is distinct from new.awaiting) execute function reports_move_rows();
"""

CELLS = f"""
create function reports_keep_cells() returns trigger language plpgsql as $$
begin
  update reports_tablerow r set cells = r.cells || f.told
    from (select x.compound_id, jsonb_object_agg('i' || x.indicator_id, {_CELL}) told from fresh x group by x.compound_id) f
   where r.compound_id = f.compound_id;
  return null;
end $$;
create trigger reports_cells_new after insert on registry_cell
  referencing new table as fresh for each statement execute function reports_keep_cells();
create trigger reports_cells_changed after update on registry_cell
  referencing new table as fresh for each statement execute function reports_keep_cells();

create function reports_drop_cells() returns trigger language plpgsql as $$
begin
  update reports_tablerow r set cells = r.cells - f.gone
    from (select x.compound_id, array_agg('i' || x.indicator_id) gone from stale x group by x.compound_id) f
   where r.compound_id = f.compound_id;
  return null;
end $$;
create trigger reports_cells_gone after delete on registry_cell
  referencing old table as stale for each statement execute function reports_drop_cells();

alter table reports_tablerow set (toast_tuple_target = 8160, fillfactor = 80);
alter table reports_tablerow alter column cells set storage external;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_table"), ("registry", "0002_append_only"), ("places", "0003_known_kinds")]
    operations = [
        migrations.RunSQL(sql, reverse_sql=migrations.RunSQL.noop)
        for sql in (COMPOUNDS, DIVISIONS, CELLS, _upsert("places_compound"))
    ]
