"""The one table, its totals, its filters and its three exports after the real lists, against a count in plain Python of what was said.

The count knows neither `Cell` nor `TableRow` nor a trigger: it reads facts and compounds, folds them itself and adds up. Beside it the
numbers of households are read from the files themselves, where all rows of a compound agree. In the sample, and where the lists are absent,
constructed look-alikes stand in for them.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tools.list_figures import lists
from tools.proofs.apart import run_apart
from tools.proofs.lists import chosen, written
from tools.serving import ANJU

if TYPE_CHECKING:
    from anju.registry.models import ListImport

SHORT, LONG = 80, 1_000_000
POLICY = "zhongshan-2024"
_SAID = """
select s.compound_id, f.indicator_id, s.source_id, o.rank, s.observed_on, f.id, f.low, f.high, f.text, f.form, f.approximate
from registry_fact f join registry_statement s on s.id = f.statement_id join registry_source o on o.id = s.source_id
where not exists (select 1 from registry_withdrawal w where w.statement_id = s.id)
"""
_HEAD = ["小区名称", "所在乡镇", "户数", "建筑面积", "物业公司", "物业费", "建成年份", "是否失管"]
_LOOKALIKES = {
    "示例甲.csv": [
        _HEAD,
        ["示例·春江苑", "钟山镇", "320", "4.2万㎡", "示例物业公司", "1.2-1.5元/㎡·月", "2008年", "否"],
        ["示例·秋月里", "回龙镇", "150户", "9800", "业主自管", "0.6", "1998", "是"],
        ["示例·夏荷园", "", "88", "", "", "", "", "未知"],
    ],
    "示例乙.csv": [
        _HEAD,
        ["示例·春江苑", "钟山镇", "412", "4.2万㎡", "另一示例物业公司", "1.3", "2008年", "否"],
        ["示例·秋月里", "回龙镇", "150户", "", "失管", "", "2003", ""],
        ["示例·冬青坊", "回龙镇", "61", "", "失管", "", "", ""],
    ],
}
_NOTHING = re.compile(r"|暂无.*|不详|未知|0\s*户?")
_HOUSEHOLDS = {"户数", "总户数", "房屋总数", "小区户数："}


@dataclass
class _Counted:
    """What the plain count says, by indicator: who tells something, who says 未知, what conflicts, the lower ends and the 有 added up."""

    rows: int = 0
    by_town: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_state: Counter[str] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)
    said_unknown: Counter[int] = field(default_factory=Counter)
    conflict: Counter[int] = field(default_factory=Counter)
    figures: Counter[int] = field(default_factory=Counter)
    sums: Counter[int] = field(default_factory=Counter)
    yes: Counter[int] = field(default_factory=Counter)
    in_town: Counter[tuple[str, int]] = field(default_factory=Counter)  # by town and indicator: what its total is
    exact: dict[int, dict[int, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # indicator -> compound -> figure


def run(size: int) -> dict[str, Any]:
    """Prove it with at most `size` rows of each list."""
    return run_apart("tools.proofs.table", size)


def _prove(size: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from anju.accounts.services.setup import init_county
    from anju.base.actor import SYSTEM

    init_county(actor=SYSTEM, policy=POLICY, at=timezone.now())
    files = {path.name: chosen(path, size)[0] for path in lists() if size == LONG} or {
        name: _text(rows) for name, rows in _LOOKALIKES.items()
    }
    brought = {name: written(name, content, anywhere=True) for name, content in files.items()}
    counted = _count()
    plain = _households_of(files, brought)
    breaches = [*_totals_differ(counted), *_filters_differ(counted), *_exports_differ(counted)]
    breaches += _files_differ(counted, plain)
    created = sum(row.created for row in brought.values())
    if created != counted.rows:
        breaches.append(f"the imports registered {created} compounds, {counted.rows} are there")
    return {
        "passed": not breaches and counted.rows > 0,
        "real": size == LONG and bool(lists()),
        "compounds": counted.rows,
        "cells": sum(counted.told.values()) + sum(counted.said_unknown.values()),
        "conflicts": sum(counted.conflict.values()),
        "read_from_files": len(plain),
        "breaches": breaches[:50],
    }


def _text(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _count() -> _Counted:
    from anju.places.models import Compound, Division
    from anju.registry.models import Indicator

    divisions = {row.pk: row for row in Division.objects.all()}
    indicators = {row.pk: row for row in Indicator.objects.filter(ended_on=None)}
    counted = _Counted()
    compounds = {row.pk: row for row in Compound.objects.filter(ended_on=None)}
    said: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for compound, indicator, *rest in _asked(_SAID):
        if compound in compounds and indicator in indicators:
            said[compound, indicator].append(tuple(rest))
    towns: dict[int, str] = {}
    for row in compounds.values():
        place = divisions[row.division_id]
        town = divisions[place.parent_id] if place.level == "community" and place.parent_id else place
        towns[row.pk] = town.name
    states = _add_up(counted, said, indicators, towns)
    for row in compounds.values():
        counted.rows += 1
        counted.by_town[towns[row.pk]] += 1
        counted.by_kind[row.kind] += 1
        counted.by_state[states.get(row.pk, "unknown")] += 1
    return counted


def _add_up(
    counted: _Counted,
    said: dict[tuple[int, int], list[tuple[Any, ...]]],
    indicators: dict[int, Any],
    towns: dict[int, str],
) -> dict[int, str]:
    """Fill in what is counted by indicator, and return who looks after each compound, by its settled word on it."""
    states: dict[int, str] = {}
    for (compound, pk), facts in said.items():
        indicator = indicators[pk]
        live = _newest_of_each_source(facts)
        holds = _holds(live)
        low, high, form, approximate = holds[4], holds[5], holds[7], holds[8]
        counted.conflict[pk] += _clash(live, indicator)
        if form == "unknown" and indicator.type in {"answer", "service"}:  # of a point: its system of coordinates
            counted.said_unknown[pk] += 1
        else:
            counted.told[pk] += 1
        if low is not None:
            counted.figures[pk] += 1
            counted.sums[pk] += low
            if low == high and not approximate:
                counted.exact[pk][compound] = low
        counted.yes[pk] += form == "yes"
        counted.in_town[towns[compound], pk] += form == "yes" if indicator.type == "answer" else low or 0
        if indicator.type == "service" and (state := _last_settled(facts, indicator)):
            states[compound] = state
    return states


def _last_settled(facts: list[tuple[Any, ...]], indicator: Any) -> str:
    """Return the state of service after list upon list, each a source of its own: what contradicts changes nothing until it is settled."""
    state, order = "", list(dict.fromkeys(fact[0] for fact in sorted(facts, key=lambda fact: fact[3])))
    for at in range(1, len(order) + 1):
        live = _newest_of_each_source([fact for fact in facts if fact[0] in order[:at]])
        form = _holds(live)[7]
        if form != "unknown" and not _clash(live, indicator):
            state = form
    return state


def _holds(live: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    return min(live, key=lambda fact: (fact[7] == "unknown", fact[1], -fact[2].toordinal(), -fact[3]))


def _newest_of_each_source(facts: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    newest: dict[int, tuple[Any, ...]] = {}
    for fact in facts:
        before = newest.get(fact[0])
        if before is None or (fact[2], fact[3]) > (before[2], before[3]):
            newest[fact[0]] = fact
    return list(newest.values())


def _clash(live: list[tuple[Any, ...]], indicator: Any) -> bool:
    """Whether two sources contradict each other: the rule of `rules.facts` on two values, the pairing and the period counted here."""
    from anju.rules.facts import differ
    from anju.rules.lists.stored import Stored

    period = timedelta(days=indicator.stale_days)
    return any(
        differ(Stored(*one[4:9]), Stored(*other[4:9]), type_=indicator.type, tolerance=indicator.tolerance)
        for at, one in enumerate(live)
        for other in live[at + 1 :]
        if abs(one[2] - other[2]) <= period
    )


def _totals_differ(counted: _Counted) -> Iterator[str]:
    from anju.base.actor import SYSTEM
    from anju.reports.queries.rows import columns_for
    from anju.reports.queries.totals import is_added, totals_of
    from anju.reports.view import TableView

    columns = columns_for(SYSTEM)
    view = TableView(columns=tuple(column.code for column in columns.every))
    towns, whole = totals_of(SYSTEM, view, columns, on=_today())
    yield from _differ("rows", whole.rows, counted.rows)
    yield from _differ("rows of the towns", {one.name: one.rows for one in towns}, dict(counted.by_town))
    yield from _differ("unmanaged", whole.unmanaged, counted.by_state["unmanaged"])
    for column in (one for one in columns.every if is_added(one) and one.pk is not None):
        answer, pk = column.type == "answer", column.pk or 0
        figure = counted.yes[pk] if answer else counted.sums[pk]
        known = counted.told[pk] if answer else counted.figures[pk]
        told = (whole.sums[pk].figure, whole.sums[pk].missing)
        yield from _differ(f"total of {column.code}", told, (figure, counted.rows - known))
        of_towns = {one.name: one.sums[pk].figure for one in towns}
        wanted = {one.name: counted.in_town[one.name, pk] for one in towns}
        yield from _differ(f"towns' totals of {column.code}", of_towns, wanted)


def _filters_differ(counted: _Counted) -> Iterator[str]:
    from anju.base.actor import SYSTEM
    from anju.reports.queries.rows import columns_for, find_rows
    from anju.reports.view import Condition, TableView

    columns = columns_for(SYSTEM)

    def rows(**asked: Any) -> int:
        return find_rows(SYSTEM, TableView(**asked), columns, on=_today()).rows.count()

    for kind, count in counted.by_kind.items():
        yield from _differ(f"kind {kind}", rows(kind=kind), count)
    for state, count in counted.by_state.items():
        yield from _differ(f"state {state}", rows(state=state), count)
    for column in (one for one in columns.every if one.sifted and not one.derived):
        pk = column.pk or 0
        wanted = {
            "known": counted.told[pk],
            "unknown": counted.rows - counted.told[pk],
            "conflict": counted.conflict[pk],
        }
        for operator, count in wanted.items():
            yield from _differ(
                f"{column.code} {operator}", rows(conditions=(Condition(column.code, operator, ""),)), count
            )


def _exports_differ(counted: _Counted) -> Iterator[str]:
    """`anju table` in its three forms, read back: every compound once, every single figure, as many cells as were told."""
    from anju.base.actor import SYSTEM
    from anju.places.models import Compound
    from anju.reports.queries.export import heading
    from anju.reports.queries.rows import columns_for
    from anju.reports.view import SCALES

    names = dict(Compound.objects.filter(ended_on=None).values_list("id", "name"))
    every = [one for one in columns_for(SYSTEM).every if one.pk is not None and not one.derived]
    figures = [one for one in every if one.pk in counted.exact and one.numeric and one.type != "year"]
    for form in ("csv", "xlsx", "json"):
        rows = {int(row["编号"]): row for row in _exported(form, {one.code: heading(one) for one in every})}
        yield from _differ(f"names in {form}", {pk: row["小区"] for pk, row in rows.items()}, names)
        for column in every:
            cells = Counter(_shown(row[heading(column)]) for row in rows.values())
            told, pk = len(rows) - cells["nothing"] - cells["unknown"], column.pk or 0
            yield from _differ(
                f"{column.code} told in {form}", (told, cells["yes"]), (counted.told[pk], counted.yes[pk])
            )
        for column in figures:
            scale = SCALES.get(column.type, 1)
            wanted = {pk: Decimal(figure) / scale for pk, figure in counted.exact[column.pk or 0].items()}
            got = {pk: _figure(rows[pk][heading(column)]) for pk in wanted if pk in rows}
            yield from _differ(f"{column.code} in {form}", got, wanted)


def _shown(value: Any) -> str:
    return {"": "nothing", "None": "nothing", "未知": "unknown", "有": "yes"}.get(str(value), "told")


def _households_of(files: dict[str, bytes], brought: dict[str, "ListImport"]) -> dict[int, int]:
    """Return the households that stand in the files as a bare number, where every row of a compound says the same; a doubted one waits."""
    from anju.registry.models import ImportRow

    told: dict[int, set[int | None]] = defaultdict(set)
    for name, content in files.items():
        head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        places = [at for at, heading in enumerate(head) if heading in _HOUSEHOLDS]
        kept = ImportRow.objects.filter(list_import=brought[name], compound__isnull=False).exclude(act="skip")
        for line, compound, doubts in kept.values_list("line", "compound_id", "doubts") if places else ():
            text = lines[line - 2][places[0]].strip()
            if _NOTHING.fullmatch(text):
                continue
            found = re.fullmatch(r"([1-9][0-9]{0,5})\s*户?", text)
            waits = any(cell[0] == "households" for doubt in doubts for cell in doubt[5])
            told[compound].add(int(found[1]) if found and not waits else None)
    agreed = {pk: next(iter(figures)) for pk, figures in told.items() if len(figures) == 1}
    return {pk: figure for pk, figure in agreed.items() if figure is not None}


def _files_differ(counted: _Counted, plain: dict[int, int]) -> Iterator[str]:
    from anju.registry.models import Indicator

    exact = counted.exact[Indicator.objects.get(code="households").pk]
    yield from _differ("households of the files", {pk: exact.get(pk) for pk in plain}, plain)


def _exported(form: str, headings: dict[str, str]) -> Iterator[dict[str, Any]]:
    command = [ANJU, "table", "--format", form]
    content = subprocess.run(command, capture_output=True, check=True).stdout
    if form == "json":
        names = headings | {"name": "小区", "id": "编号"}
        yield from (
            {names.get(code, code): value for code, value in row.items()} for row in json.loads(content)["rows"]
        )
    elif form == "csv":
        yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    else:
        import python_calamine

        head, *rows = (
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        )
        yield from (dict(zip(map(str, head), row, strict=True)) for row in rows)


def _figure(value: Any) -> Decimal | None:
    text = str(value).lstrip("\u2060").replace(",", "")
    return Decimal(text) if text else None


def _differ(what: str, got: object, wanted: object) -> Iterator[str]:
    if got == wanted:
        return
    if isinstance(got, dict) and isinstance(wanted, dict):
        apart = [key for key in {*got, *wanted} if got.get(key) != wanted.get(key)]
        got, wanted = ({key: one.get(key) for key in apart[:3]} for one in (got, wanted))
        what = f"{what}, {len(apart)} of them"
    yield f"{what}: the table says {got}, the count {wanted}"


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _asked(question: str) -> Iterator[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question)
        yield from cursor.fetchall()


if __name__ == "__main__":
    print(json.dumps(_prove(int(sys.argv[1])), ensure_ascii=False))
