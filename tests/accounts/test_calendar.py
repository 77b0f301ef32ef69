"""Confirming a year: by another person than the one who entered it, wherever there is another."""

from datetime import date
from types import SimpleNamespace

import pytest

from anju.accounts.models import Post
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.today import Kind, tasks_for
from anju.accounts.services.calendar import confirm_year
from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.base.models import AuditEntry, CalendarYear
from anju.base.queries.calendar import calendar_in_force, confirmed_years
from anju.base.services.calendar import load_calendar, load_year, mark_days
from anju.places.services.policy import read_calendar
from anju.rules.workdays.deadlines import deadline
from anju.rules.workdays.limits import working_days
from anju.rules.workdays.years import Mark, Scope
from tests.people import NOW, TODAY, Person, make_post

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture(autouse=True)
def _loaded(place: SimpleNamespace) -> None:
    load_calendar(actor=SYSTEM, calendar=read_calendar("demo"), at=NOW)


def edited_by(actor: Actor) -> None:
    mark_days(
        actor=actor, year=2026, based_on=1, first=date(2026, 11, 30), last=date(2026, 11, 30), scope=Scope.REGION,
        mark=Mark.OFF, name="示例", cite="示例", at=NOW,
    )  # fmt: skip


def with_post(person: Person, role: str, place: SimpleNamespace) -> Actor:
    assert person.user is not None
    post = make_post(person.user, role, place.bureau)
    return actor_of(person.user, chosen_post=post.pk, on=TODAY)


def test_confirm_year_puts_it_in_force(people: SimpleNamespace) -> None:
    edited_by(people.bureau_officer.actor)
    before = deadline(calendar_in_force(), NOW, working_days(4))
    row = confirm_year(actor=people.bureau_reviewer.actor, year=2026, based_on=2, at=NOW)
    after = deadline(calendar_in_force(), NOW, working_days(4))
    assert (row.version, row.confirmed, row.days.count()) == (3, True, 42)
    assert (before.unconfirmed, after.unconfirmed, after.last_day) == ((2026,), (), date(2026, 12, 1))
    assert AuditEntry.objects.get(action="calendar.confirmed").user_id == people.bureau_reviewer.user.pk


def test_refuse_to_confirm_what_one_entered(people: SimpleNamespace, place: SimpleNamespace) -> None:
    """The officer also holds a reviewer's post; Lin could confirm, so he does not."""
    edited_by(people.bureau_officer.actor)
    reviewing = with_post(people.bureau_officer, "bureau_reviewer", place)
    with pytest.raises(Refused) as caught:
        confirm_year(actor=reviewing, year=2026, based_on=2, at=NOW)
    assert caught.value.code == "calendar.confirm_own"
    assert confirmed_years() == frozenset()


def test_confirm_alone_where_nobody_else_could(people: SimpleNamespace, place: SimpleNamespace) -> None:
    edited_by(people.bureau_officer.actor)
    reviewing = with_post(people.bureau_officer, "bureau_reviewer", place)
    Post.objects.filter(user=people.bureau_reviewer.user).update(ends_on=TODAY)
    confirm_year(actor=reviewing, year=2026, based_on=2, at=NOW)
    assert '"alone":true' in AuditEntry.objects.get(action="calendar.confirmed").body


def test_confirm_anew_what_others_entered_since(people: SimpleNamespace, place: SimpleNamespace) -> None:
    """What one entered before the last confirmation has been looked at by another."""
    edited_by(people.bureau_officer.actor)
    confirm_year(actor=people.bureau_reviewer.actor, year=2026, based_on=2, at=NOW)
    mark_days(
        actor=SYSTEM, year=2026, based_on=3, first=date(2026, 11, 30), last=date(2026, 11, 30), scope=Scope.REGION,
        mark=None, name="", cite="", at=NOW,
    )  # fmt: skip
    reviewing = with_post(people.bureau_officer, "bureau_reviewer", place)
    assert confirm_year(actor=reviewing, year=2026, based_on=4, at=NOW).version == 5


@pytest.mark.parametrize(("year", "based_on", "code"), [(2026, 2, "calendar.changed"), (2027, 0, "calendar.changed")])
def test_refuse_to_confirm_another_version_than_was_looked_at(
    people: SimpleNamespace, year: int, based_on: int, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        confirm_year(actor=people.bureau_reviewer.actor, year=year, based_on=based_on, at=NOW)
    assert caught.value.code == code


def test_refuse_to_confirm_twice(people: SimpleNamespace) -> None:
    confirm_year(actor=people.bureau_reviewer.actor, year=2025, based_on=1, at=NOW)
    with pytest.raises(Refused) as caught:
        confirm_year(actor=people.bureau_reviewer.actor, year=2025, based_on=2, at=NOW)
    assert caught.value.code == "calendar.already_confirmed"


def test_refuse_to_confirm_while_the_regions_days_are_not_known(people: SimpleNamespace, db: None) -> None:
    """The county's own file leaves 三月三 of 2026 open."""
    table = read_calendar("zhongshan-2024").years[2]
    load_year(actor=SYSTEM, table=table, based_on=1, at=NOW)
    with pytest.raises(Refused) as caught:
        confirm_year(actor=people.bureau_reviewer.actor, year=2026, based_on=2, at=NOW)
    assert caught.value.code == "calendar.region_unset"


def test_refuse_to_confirm_without_the_post(people: SimpleNamespace) -> None:
    for person in (people.bureau_officer, people.town_officer, people.system_admin):
        with pytest.raises(Denied):
            confirm_year(actor=person.actor, year=2026, based_on=1, at=NOW)
    assert not CalendarYear.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize(
    ("day", "years"), [("2026-11-24", ["2026"]), ("2026-12-14", ["2026"]), ("2026-12-15", ["2026", "2027"])]
)
def test_desk_says_which_year_is_missing(people: SimpleNamespace, day: str, years: list[str]) -> None:
    at = NOW.replace(month=int(day[5:7]), day=int(day[8:]))
    for person, expected in (
        (people.bureau_officer, years),
        (people.bureau_reviewer, years),
        (people.town_officer, []),
    ):
        tasks = tasks_for(person.actor, acts=frozenset(), at=at)
        assert [task.what for task in tasks if task.kind == Kind.CALENDAR] == expected


def test_desk_is_quiet_once_the_years_are_confirmed(people: SimpleNamespace) -> None:
    confirm_year(actor=people.bureau_reviewer.actor, year=2026, based_on=1, at=NOW)
    tasks = tasks_for(people.bureau_officer.actor, acts=frozenset(), at=NOW)
    assert not [task for task in tasks if task.kind == Kind.CALENDAR]
