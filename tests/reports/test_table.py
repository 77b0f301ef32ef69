"""The table shows exactly what is asked and reachable: every filter against the slow way, every order, every total."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict

from anju.base.actor import SYSTEM, Refused
from anju.places.models import Compound, CompoundAlias, Division
from anju.places.queries.scoped import compounds_for
from anju.places.services.compounds import rename_compound
from anju.registry.models import Cell, Indicator, Statement
from anju.registry.services.cells import refresh_cells
from anju.registry.services.statements import withdraw_statement
from anju.reports.models import TableRow
from anju.reports.queries.cells import Told, told_of
from anju.reports.queries.pages import PAGE, page_of
from anju.reports.queries.rows import columns_for, digits, find_rows, rows_for, sought
from anju.reports.queries.totals import totals_of
from anju.reports.view import TableView, read_view
from tests.people import NOW, TODAY, make_compound
from tests.reports.oracle import rows_of

ASKED = (
    "", "state=unmanaged", "kind=old", "kind=commercial&state=company", "mark=conflict", "mark=stale", "mark=unknown", "mark=awaiting",
    "f=households:ge:96", "f=households:le:200", "f=households:is:210", "f=households:is:7", "f=fee:ge:1.2", "f=fee:le:1.50", "f=fee:is:1",
    "f=committee_formed:is:yes", "f=committee_formed:is:无", "f=committee_formed:is:unknown", "f=committee_formed:unknown",
    "f=committee_formed:known", "f=committee_formed_on:is:2019", "f=committee_formed_on:ge:2020-05", "f=committee_formed_on:le:2021-05-31",
    "f=completed:ge:1997", "f=completed:is:1997", "f=completed:le:1998", "f=service:is:unmanaged", "f=service:has:物业", "f=manager:has:李",
    "f=developer:has:城建", "f=developer:stale", "f=households:conflict", "f=households:known&f=fee:unknown&state=company",
    "q=甲", "q=shili", "q=slbs", "q=%E7%A2%A7", "q=%25", "q=_", "q=示例·碧水花园",
    "cols=households,fee&mark=stale", "cols=households&mark=unknown",
    "f=households:ge:1&f=households:le:300&f=committee_formed:is:yes&kind=old",
)  # fmt: skip
VIEWERS = (
    "bureau_officer",
    "town_officer",
    "other_town_officer",
    "community_worker",
    "manager",
    "company_admin",
    "department_officer",
    "nobody",
)


@pytest.mark.parametrize("query", ASKED)
def test_find_rows_agrees_with_the_slow_way(query: str, people: SimpleNamespace, compounds: list[Compound]) -> None:
    for who in ("bureau_officer", "town_officer"):
        actor = getattr(people, who).actor
        columns = columns_for(actor)
        view = read_view(QueryDict(query), columns)
        found = set(find_rows(actor, view, columns, on=TODAY).rows.values_list("pk", flat=True))
        assert found == rows_of(actor, view, columns, TODAY), who


def test_asked_filters_tell_rows_apart(people: SimpleNamespace, compounds: list[Compound]) -> None:
    """Filters that found all or nothing would prove little."""
    actor = people.bureau_officer.actor
    columns = columns_for(actor)
    sizes = [find_rows(actor, read_view(QueryDict(query), columns), columns, on=TODAY).rows.count() for query in ASKED]
    assert sum(0 < size < len(compounds) for size in sizes) > len(ASKED) * 0.75


@pytest.mark.parametrize("who", VIEWERS)
def test_rows_are_those_of_the_scope(who: str, people: SimpleNamespace, compounds: list[Compound]) -> None:
    actor = getattr(people, who).actor
    seen = set(rows_for(actor).values_list("pk", flat=True))
    assert seen == set(compounds_for(actor).filter(ended_on=None).values_list("pk", flat=True))


def test_rows_reach_a_supervised_compound_elsewhere(place: SimpleNamespace, people: SimpleNamespace) -> None:
    supervised = make_compound("示例·宿舍", place.other_community, supervising_unit=place.town_office)
    seen = rows_for(people.town_officer.actor).values_list("pk", flat=True)
    assert set(seen) == {place.compound.pk, supervised.pk}


@pytest.mark.parametrize("query", ["", "sort=households", "sort=-households", "sort=-completed", "state=company"])
def test_pages_hold_every_row_once_forwards_and_back(
    query: str, place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]
) -> None:
    Compound.objects.bulk_create(
        Compound(
            name=f"示例·{n}",
            division=place.community,
            pinyin=f"P{n % 7}",
            initials="p",
            valid_from=TODAY,
            service_state="company",
        )
        for n in range(PAGE + 5)
    )
    actor = people.bureau_officer.actor
    columns = columns_for(actor)
    view = read_view(QueryDict(query), columns)
    wanted = sought(actor, view, columns, on=TODAY)
    pages, after = [], None
    while True:
        page = page_of(wanted, after=after)
        pages.append([row[0] for row in page.rows])
        after = page.after
        if after is None:
            break
    assert sorted(pk for each in pages for pk in each) == sorted(
        find_rows(actor, view, columns, on=TODAY).rows.values_list("pk", flat=True)
    )
    back = page_of(wanted, before=pages[1][0])
    assert [row[0] for row in back.rows] == pages[0]
    assert back.before is None


def test_sort_puts_the_largest_first_and_the_unknown_last(people: SimpleNamespace, compounds: list[Compound]) -> None:
    actor = people.bureau_officer.actor
    columns = columns_for(actor)
    view = TableView(sort="-households")
    page = page_of(sought(actor, view, columns, on=TODAY))
    known = dict(Cell.objects.filter(indicator__code="households").values_list("compound", "low"))
    figures = [known.get(row[0]) for row in page.rows]
    told = [figure for figure in figures if figure is not None]
    assert told == sorted(told, reverse=True)
    assert figures[len(told) :] == [None] * (len(figures) - len(told))


def test_totals_say_what_is_missing(people: SimpleNamespace, compounds: list[Compound]) -> None:
    actor = people.bureau_officer.actor
    columns = columns_for(actor)
    for query in ("", "state=company", "f=fee:known"):
        view = read_view(QueryDict(query), columns)
        shown = rows_of(actor, view, columns, TODAY)
        towns, whole = totals_of(actor, view, columns, on=TODAY)
        cells = Cell.objects.filter(compound__in=shown)
        households = cells.filter(indicator__code="households", low__isnull=False).values_list("low", flat=True)
        formed = cells.filter(indicator__code="committee_formed")
        sums = {columns.by_pk[pk].code: sum_ for pk, sum_ in whole.sums.items()}
        assert whole.rows == len(shown) == sum(town.rows for town in towns)
        assert (sums["households"].figure, sums["households"].missing) == (
            sum(low or 0 for low in households),
            len(shown) - len(households),
        )
        assert sums["committee_formed"].figure == formed.filter(form="yes").count()
        assert sums["committee_formed"].missing == len(shown) - formed.exclude(form="unknown").count()
        assert sum(town.sums[columns.by_code["households"].pk or 0].figure for town in towns) == sum(
            low or 0 for low in households
        )
    assert "fee" not in sums


def holds() -> None:
    """Each row says of its compound what places and registry say."""
    rows = {row.pk: row for row in TableRow.objects.all()}
    standing = Compound.objects.filter(ended_on=None).select_related("division__parent")
    assert rows.keys() == {row.pk for row in standing}
    for compound in standing:
        row, town = (
            rows[compound.pk],
            compound.division.parent if compound.division.level == "community" else compound.division,
        )
        assert town
        assert (row.name, row.kind, row.service_state, row.division_id, row.town_id) == (
            compound.name, compound.kind, compound.service_state, compound.division_id, town.pk,
        )  # fmt: skip
        assert row.place == f"{int(town.awaiting)}{town.code}"
        told = {f"i{cell.indicator_id}": cell for cell in Cell.objects.filter(compound=compound)}
        assert row.cells.keys() == told.keys()
        for key, cell in told.items():
            column = columns_for(SYSTEM).by_pk[int(key[1:])]
            stale = cell.stale_on is not None and cell.stale_on <= TODAY
            assert told_of(row.cells, column, digits(TODAY)) == Told(
                cell.low, cell.high, cell.text, cell.form, cell.approximate, cell.sources, cell.conflict, stale
            )


def test_rows_follow_whatever_is_written(
    place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound], indicators: dict[str, Indicator]
) -> None:
    holds()
    rename_compound(actor=people.bureau_officer.actor, compound=place.compound, name="示例·新名花园", at=NOW)
    Compound.objects.filter(pk=compounds[3].pk).update(division=place.other_town, kind="old")
    Compound.objects.filter(pk=compounds[4].pk).update(ended_on=TODAY)
    holds()
    Compound.objects.filter(pk=compounds[4].pk).update(ended_on=None)
    Division.objects.filter(pk=place.other_town.pk).update(code="990001000")
    Division.objects.filter(pk=place.community.pk).update(parent=place.other_town)
    holds()
    told = Statement.objects.order_by("pk").first()
    assert told
    withdraw_statement(actor=SYSTEM, statement=told, reason="误登", at=NOW)
    Cell.objects.filter(compound=compounds[5]).delete()
    holds()
    refresh_cells((compounds[5].pk, row.pk) for row in indicators.values())
    holds()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("f=nothing:is:1", "table.no_such_column"),
        ("f=manager_phone:has:135", "table.not_to_sift"),
        ("f=point:known", "table.not_to_sift"),
        ("f=community:has:x", "table.not_to_sift"),
        ("f=households:has:1", "table.no_such_condition"),
        ("f=households:drop table:1", "table.no_such_condition"),
        ("f=households", "table.no_such_condition"),
        ("f=households:ge:", "table.value_unfit"),
        ("f=households:ge:1e400", "table.value_unfit"),
        ("f=households:ge:NaN", "table.value_unfit"),
        ("f=households:ge:1.5", "table.value_unfit"),
        ("f=households:ge:１２", "table.value_unfit"),
        ("f=committee_formed:is:maybe", "table.value_unfit"),
        ("f=committee_formed_on:ge:2026-02-30", "table.value_unfit"),
        ("f=committee_formed_on:ge:0", "table.value_unfit"),
        ("f=developer:has:%00", "table.text_unfit"),
        ("f=developer:has:" + "x" * 51, "table.text_unfit"),
        ("q=a%00", "table.text_unfit"),
        ("sort=manager_phone", "table.not_to_sort"),
        ("sort=-password", "table.no_such_column"),
        ("sort=compound__supervising_unit", "table.no_such_column"),
        ("cols=households,secret", "table.no_such_column"),
        ("kind=x", "table.no_such_choice"),
        ("state=1", "table.no_such_choice"),
        ("mark=everything", "table.no_such_choice"),
        ("division=1%20or%201", "table.no_such_choice"),
        ("division=" + "9" * 30, "table.no_such_choice"),
        ("&".join(f"f=households:ge:{n}" for n in range(13)), "table.too_many_conditions"),
    ],
)
def test_read_view_refuses_what_a_link_may_not_ask(query: str, code: str, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(Refused) as refused:
        read_view(QueryDict(query), columns_for(SYSTEM))
    assert refused.value.code == code


@pytest.mark.parametrize("query", ASKED)
def test_view_written_back_is_the_same_view(query: str, indicators: dict[str, Indicator]) -> None:
    columns = columns_for(SYSTEM)
    view = read_view(QueryDict(query), columns)
    assert read_view(QueryDict(view.query()), columns) == view


def test_search_finds_an_alias(place: SimpleNamespace, people: SimpleNamespace) -> None:
    CompoundAlias.objects.create(compound=place.compound, name="示例碧水花苑")
    actor = people.town_officer.actor
    found = find_rows(actor, TableView(text="花苑"), columns_for(actor), on=TODAY).rows
    assert [row.pk for row in found] == [place.compound.pk]


def test_view_of_another_town_is_not_there(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.town_officer.actor
    for division in (place.other_town.pk, place.other_community.pk, 10**9):
        with pytest.raises(LookupError):
            find_rows(actor, TableView(division=division), columns_for(actor), on=TODAY)
    assert find_rows(actor, TableView(division=place.community.pk), columns_for(actor), on=TODAY).rows.count() == 1
