"""Joint sessions in the ledger: the units' figures count who was called and who came; editions before the third go on as they were."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.cases.models import Case, WorkflowEdition
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.figures import Period, call_rows, cases_behind, figures_of
from anju.cases.queries.papers import sheet_of
from anju.cases.queries.reckoning import facts_of
from anju.cases.services.filing import Receipt
from anju.rules.cases.sessions import Came
from tests.cases.conftest import Do
from tests.people import NOW, TODAY

FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]
LATER = NOW + timedelta(days=30)
EDITIONS = Path(__file__).parent / "editions"


@pytest.fixture
def cases(place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do) -> list[Case]:
    """Two cases with the town office as helper: it came once, was absent once, and of the third call nobody has said anything yet."""
    found = [handled(file_case().case, to="sign") for _ in range(2)]
    for number, (case, how) in enumerate(((found[0], "absent"), (found[0], "came"), (found[1], ""))):
        at = NOW + timedelta(days=number + 1)
        call(people, place, case, do, at=at)
        if how:
            attendance = ((str(place.department.pk), "came"), (str(place.town_office.pk), how))
            note = {"attendance": "见表", "minutes": "责令退费"}
            held = at + timedelta(hours=5)
            do(people.bureau_officer, case, "joint_held", at=held, attendance=attendance, note=note)
    return found


def call(people: SimpleNamespace, place: SimpleNamespace, case: Case, do: Do, *, at: object) -> None:
    note = {"meeting_place": "南门", "division": "各查各的"}
    told = {"helpers": (str(place.town_office.pk),), "meets_at": at + timedelta(hours=4)}  # type: ignore[operator]
    do(people.bureau_officer, case, "convene_joint", at=at, note=note, **told)


def test_figures_count_calls_and_open_their_cases(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    actor, town = people.bureau_officer.actor, place.town_office
    lines = {line.unit.pk: line.figures for line in figures_of(actor, Period(), LATER)}
    assert (lines[town.pk].received, lines[town.pk].called) == (0, 3)
    assert (lines[town.pk].absent.part, lines[town.pk].absent.whole) == (1, 2)
    assert (lines[town.pk].excused.part, lines[place.department.pk].called) == (0, 3)
    numbers = [case.number for case in cases]
    assert cases_behind(actor, Period(), town.pk, "called", LATER) == [numbers[0], numbers[0], numbers[1]]
    assert cases_behind(actor, Period(), town.pk, "absent", LATER) == [numbers[0]]
    assert cases_behind(actor, Period(), town.pk, "excused", LATER) == []


def test_figures_page_shows_the_sessions_and_opens_them(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    client, town = people.bureau_officer.client, place.town_office
    body = client.get(reverse("ledger:figures")).content.decode()
    address = reverse("ledger:behind", args=[town.pk])
    assert f'href="{address}?figure=absent" aria-label="{town.name}会商未到1"' in body
    assert f"{address}?figure=excused" not in body
    assert body.count('<span class="aj-2">—</span>') > 10, "of whoever was given nothing nothing is counted"
    opened = client.get(address, {"figure": "called"}).content.decode()
    assert "3 次，2 件" in opened
    assert sorted(re.findall(r'>([A-Z]{2}-[\d-]+)</a>(?: <small class="aj-2">(\d) 次)?', opened)) == sorted(
        [(cases[0].number, "2"), (cases[1].number, "")]
    ), "of each figure the rows add up to it"


def test_sessions_are_counted_in_the_period_in_which_units_were_called(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    actor, second = people.bureau_officer.actor, TODAY + timedelta(days=2)
    rows = call_rows(actor, Period(first=second, last=second))
    assert {(row.unit, row.came) for row in rows} == {
        (str(place.department.pk), Came.CAME),
        (str(place.town_office.pk), Came.CAME),
    }
    assert call_rows(actor, Period(first=TODAY + timedelta(days=4))) == []


def test_department_sees_only_its_own_sessions(
    place: SimpleNamespace, people: SimpleNamespace, cases: list[Case]
) -> None:
    rows = call_rows(people.department_officer.actor, Period())
    assert {row.unit for row in rows} == {str(place.department.pk)}
    assert call_rows(people.other_town_officer.actor, Period()) == []


def test_sessions_cost_one_query_however_many_there_are(people: SimpleNamespace, cases: list[Case]) -> None:
    actor = people.bureau_officer.actor
    with CaptureQueriesContext(connection) as asked:
        assert len(call_rows(actor, Period())) == 6
    assert len(asked) == 1


@pytest.mark.parametrize("edition", [1, 2])
def test_case_of_an_older_edition_goes_on_as_it_began(
    edition: int, place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """Editions 1 and 2 have time and place in one line; such a case is called, recorded, printed, counted and folded."""
    content = (EDITIONS / f"workflow-{edition}.toml").read_text()
    old = WorkflowEdition.objects.create(
        policy="demo", version=edition, valid_from=TODAY, digest=str(edition), content=content, loaded_at=NOW
    )
    case = file_case().case
    Case.objects.filter(pk=case.pk).update(workflow=old)
    handled(case, to="sign")
    note = {"time_place": "12月1日9时，南门", "division": "各查各的"}
    helpers = (str(place.town_office.pk),)
    do(people.bureau_officer, case, "convene_joint", at=NOW + timedelta(hours=2), note=note, helpers=helpers)
    form = people.bureau_officer.client.get(reverse("cases:act", args=[case.pk, "convene_joint"])).content.decode()
    assert 'name="time_place"' in form
    assert 'name="meets_at"' not in form
    sheet = sheet_of(people.bureau_officer.actor, Case.objects.get(pk=case.pk), "call")
    assert sheet is not None
    assert sheet.session is not None
    assert (sheet.session.meeting.at, sheet.session.meeting.line) == (None, "12月1日9时，南门")
    told = {"attendance": "县市场监管局：到场", "minutes": "责令退费"}
    do(people.bureau_officer, case, "joint_held", at=NOW + timedelta(hours=6), note=told)
    [line] = [one for one in figures_of(people.bureau_officer.actor, Period(), LATER) if one.unit == place.town_office]
    assert (line.figures.called, line.figures.absent.whole) == (1, 0)
    row = Case.objects.get(pk=case.pk)
    facts = facts_of(row, workflow_of_case(row))
    assert (facts.state, facts.seq) == (row.state, row.version)
