"""A constructed county of any size for the benches and for looking: 12 towns, 96 communities, compounds with most of their cells.

Made inside the database in a few seconds. Names are numbers under 示例; nothing stands for a real place.
"""

from typing import Any

import psycopg

TOWNS, COMMUNITIES = 12, 8
_PLACES = """
with county as (select id, path from places_division where level = 'county'),
towns as (
  insert into places_division (code, name, level, parent_id, path, pinyin, valid_from, awaiting)
  select '9902' || lpad(n::text, 5, '0'), '示例乡' || n, 'town', county.id, '', 'Shili' || n, '2024-01-01', false
    from county, generate_series(1, %(towns)s) n returning id, code)
insert into places_division (code, name, level, parent_id, path, pinyin, valid_from, awaiting)
select code || lpad(n::text, 3, '0'), '示例社区' || n, 'community', id, '', 'Shili' || n, '2024-01-01', false
  from towns, generate_series(1, %(communities)s) n;
"""
_PATHS = """
update places_division d set path = p.path || d.id || '/' from places_division p
 where p.id = d.parent_id and d.path = '' and d.level = 'town';
update places_division d set path = p.path || d.id || '/' from places_division p
 where p.id = d.parent_id and d.path = '' and d.level = 'community';
"""
_COMPOUNDS = """
insert into places_compound (name, division_id, kind, service_state, pinyin, initials, valid_from)
select '示例·' || lpad(n::text, 6, '0') || '小区', places.ids[1 + n %% array_length(places.ids, 1)],
       (array['commercial', 'old', 'unit_housing', 'public_housing', 'unknown'])[1 + n / 97 %% 5],
       (array['company', 'company', 'owners', 'community', 'unmanaged'])[1 + n / 31 %% 5],
       'Shili' || lpad(n::text, 6, '0') || 'XiaoQu', 'sl' || lpad(n::text, 6, '0') || 'xq', '2024-01-01'
  from generate_series(1, %(compounds)s) n,
       (select array_agg(id order by code) ids from places_division where level = 'community' and code like '9902%%') places;
"""
_CELLS = """
insert into registry_cell (compound_id, indicator_id, fact_id, source_id, observed_on, stale_on, sources, conflict, derived,
  low, high, text, form, approximate)
select c.id, i.id, c.id, %(source)s, seen, seen + i.stale_days, 1 + (h %% 29 = 0)::int, h %% 29 = 0, false, figure, figure,
       case when i.type in ('organisation', 'person', 'text') then '示例' || i.name || h %% 9
            when i.type = 'service' and h %% 3 > 0 then '示例物业公司' || h %% 40
            when i.type = 'phone' then '1350000' || lpad((h %% 10000)::text, 4, '0') else '' end,
       case i.type when 'answer' then (array['yes', 'yes', 'no', 'unknown', 'not_applicable'])[1 + h %% 5]
            when 'service' then c.service_state
            when 'date' then 'day' when 'year' then 'year' else '' end, false
  from places_compound c cross join registry_indicator i
 cross join lateral (select (c.id * 7919 + i.id * 104729) %% 1000003 as h) hashed
 cross join lateral (select date '2026-11-20' - (h %% 400)::int as seen,
   case when i.type in ('area', 'households', 'buildings', 'bays', 'lifts', 'persons') then 20 + h %% 900
        when i.type = 'fee' then 30 + h %% 200
        when i.type in ('percent', 'ratio') then 1000 + h %% 5000 when i.type in ('storeys', 'terms', 'term') then 1 + h %% 30
        when i.type in ('year', 'date') then (1985 + h %% 40) * 10000 + (1 + h %% 12) * 100 + 1 + h %% 28 end as figure) said
 where c.pinyin like 'Shili0%%' and i.ended_on is null and h %% 10 < 8 and i.type not in ('address', 'point', 'credit_code');
"""


def build(link: "psycopg.Connection[Any]", compounds: int) -> None:
    """Fill a demo county that has indicators with constructed towns and compounds."""
    source = link.execute(
        "insert into registry_source (name, kind, rank, created_at) values ('示例排查', 'survey', 3, now())"
        " on conflict (name) do update set rank = excluded.rank returning id"
    ).fetchone()
    assert source
    for statement in (_PLACES, _PATHS, _COMPOUNDS, _CELLS):
        for part in statement.split(";\n"):
            if part.strip():
                values = {"towns": TOWNS, "communities": COMMUNITIES, "compounds": compounds, "source": source[0]}
                link.execute(part.encode(), {name: value for name, value in values.items() if f"%({name})s" in part})
    link.commit()
    link.autocommit = True
    for table in ("places_division", "places_compound", "registry_cell", "reports_tablerow"):
        link.execute(f"vacuum analyze {table}".encode())
