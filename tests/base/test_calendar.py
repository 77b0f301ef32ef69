"""The working-day calendar in the database: whole versions, one after the other, and the one that is counted by."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry, CalendarDay, CalendarHours, CalendarYear
from anju.base.queries.calendar import calendar_in_force, confirmed_years, office_hours, versions_of, years_known
from anju.base.services.calendar import (
    Head,
    begin_year,
    describe_year,
    load_calendar,
    load_year,
    mark_days,
    set_office_hours,
    take_over_notice,
    write_version,
)
from anju.places.services.policy import read_calendar
from anju.rules.workdays.years import Mark, Scope
from tests.people import NOW

MAY = {"scope": Scope.NATIONAL, "name": "劳动节", "cite": "示例"}


@pytest.fixture
def loaded(db: None) -> None:
    load_calendar(actor=SYSTEM, calendar=read_calendar("demo"), at=NOW)


def mark(version: int, first: date, last: date | None = None, how: Mark | None = Mark.OFF, **more: Any) -> CalendarYear:
    given: dict[str, Any] = {"actor": SYSTEM, "year": 2026, "based_on": version, "at": NOW, **MAY} | more
    return mark_days(first=first, last=last or first, mark=how, **given)


def confirmed(year: int, version: int) -> CalendarYear:
    """A confirmed copy of nothing: who may do it is tested with the service of `accounts`."""
    head = Head(region_known=True, cite="示例")
    return write_version(
        actor=SYSTEM, year=year, based_on=version, days=(), head=head, change="确认", confirmed=True, at=NOW
    )


def test_count_without_any_calendar_is_provisional(db: None) -> None:
    calendar = calendar_in_force()
    assert calendar.confirmed == frozenset()
    assert not calendar.is_working(date(2026, 10, 1))
    assert calendar.hours.cite == "示例·需本县核定"


def test_load_calendar_confirms_nothing_and_loads_once(loaded: None) -> None:
    assert load_calendar(actor=SYSTEM, calendar=read_calendar("demo"), at=NOW) == []
    assert list(CalendarYear.objects.order_by("year").values_list("year", "version", "confirmed")) == [
        (2024, 1, False),
        (2025, 1, False),
        (2026, 1, False),
    ]
    assert confirmed_years() == frozenset()
    assert CalendarHours.objects.count() == 1
    assert not calendar_in_force().is_working(date(2026, 10, 7))


def test_calendar_in_force_is_read_once_for_each_version(loaded: None, django_assert_num_queries: Any) -> None:
    first = calendar_in_force()
    with django_assert_num_queries(1):
        assert calendar_in_force() is first
    mark(1, date(2026, 11, 30))
    second = calendar_in_force()
    assert second.version != first.version
    assert not second.is_working(date(2026, 11, 30))


def test_confirmed_version_stays_in_force_until_the_next_is_confirmed(loaded: None) -> None:
    confirmed(2026, 1)
    mark(2, date(2026, 11, 30))
    assert calendar_in_force().is_working(date(2026, 11, 30))
    assert calendar_in_force().confirmed == {2026}


def test_mark_days_in_a_row_and_take_some_out_again(loaded: None) -> None:
    mark(1, date(2026, 11, 2), date(2026, 11, 6))
    row = mark(2, date(2026, 11, 4), how=None)
    days = row.days.filter(day__month=11).order_by("day").values_list("day__day", "mark", "scope")
    assert list(days) == [(day, "off", "national") for day in (2, 3, 5, 6)]
    assert (row.change, row.made_as) == ("11-04 取消（劳动节）", "系统")
    assert CalendarYear.objects.get(year=2026, version=1).days.filter(day__month=11).count() == 0


def test_mark_days_of_the_region_beside_the_nations(loaded: None) -> None:
    row = mark(1, date(2026, 10, 10), scope=Scope.REGION)
    assert list(row.days.filter(day="2026-10-10").order_by("scope").values_list("scope", "mark")) == [
        ("national", "work"),
        ("region", "off"),
    ]
    assert not calendar_in_force().is_working(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("first", "last", "how", "code"),
    [
        (date(2026, 11, 6), date(2026, 11, 2), Mark.OFF, "calendar.bad_span"),
        (date(2026, 1, 1), date(2026, 2, 1), Mark.OFF, "calendar.bad_span"),
        (date(2025, 12, 28), None, Mark.OFF, "calendar.day_of_another_year"),
        (date(2027, 1, 1), None, None, "calendar.day_of_another_year"),
        (date(2026, 11, 6), date(2026, 11, 7), Mark.WORK, "calendar.worked_weekday"),
        (date(2026, 11, 6), None, None, "calendar.unchanged"),
    ],
)
def test_refuse_days_that_cannot_be(loaded: None, first: date, last: date | None, how: Mark | None, code: str) -> None:
    with pytest.raises(Refused) as caught:
        mark(1, first, last, how)
    assert caught.value.code == code
    assert CalendarYear.objects.filter(year=2026).count() == 1


def test_refuse_change_of_a_version_that_is_no_longer_the_newest(loaded: None) -> None:
    mark(1, date(2026, 11, 30))
    stale: list[Callable[[], object]] = [
        lambda: mark(1, date(2026, 11, 27)),
        lambda: load_year(actor=SYSTEM, table=read_calendar("demo").years[2], based_on=1, at=NOW),
        lambda: begin_year(actor=SYSTEM, year=2026, cite="示例", at=NOW),
    ]
    for act in stale:
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "calendar.changed"


def test_take_over_the_notice_and_keep_the_regions_days(loaded: None) -> None:
    text = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    given: dict[str, Any] = {"actor": SYSTEM, "year": 2026, "text": text, "cite": "示例", "at": NOW}
    row = take_over_notice(based_on=1, **given)
    assert [(day.day.month, day.day.day, day.scope) for day in row.days.order_by("day")] == [
        *((1, day, "national") for day in (1, 2, 3, 4)),
        *((4, day, "region") for day in (17, 20)),
    ]
    with pytest.raises(Refused) as caught:
        take_over_notice(based_on=2, **given)
    assert caught.value.code == "calendar.unchanged"


def test_begin_a_year_and_say_by_which_notices(db: None) -> None:
    begin_year(actor=SYSTEM, year=2027, cite="待印发", at=NOW)
    row = describe_year(actor=SYSTEM, year=2027, based_on=1, head=Head(True, "示例", "地方没有另外放假"), at=NOW)
    assert (row.version, row.region_known, row.change) == (2, True, "地方放假日已登记")
    again = describe_year(actor=SYSTEM, year=2027, based_on=2, head=Head(True, "示例2"), at=NOW)
    assert again.change == "改依据和说明"
    with pytest.raises(Refused) as caught:
        describe_year(actor=SYSTEM, year=2027, based_on=3, head=Head(True, "示例2"), at=NOW)
    assert caught.value.code == "calendar.unchanged"
    with pytest.raises(Refused) as caught:
        begin_year(actor=SYSTEM, year=1999, cite="示例", at=NOW)
    assert caught.value.code == "calendar.year_range"


def test_set_office_hours_and_count_by_them(loaded: None) -> None:
    set_office_hours(actor=SYSTEM, spans=["08:30-12:00", "14:30-17:30"], cite="示例·冬季", at=NOW)
    assert calendar_in_force().hours.texts == office_hours().texts == ("08:30-12:00", "14:30-17:30")
    with pytest.raises(Refused) as caught:
        set_office_hours(actor=SYSTEM, spans=["夜里"], cite="示例", at=NOW)
    assert caught.value.code == "calendar.bad_hours"


def test_change_of_the_calendar_stands_in_the_trail(loaded: None) -> None:
    mark(1, date(2026, 11, 30))
    entry = AuditEntry.objects.get(action="calendar.edited")
    assert entry.subject_type == "base.calendaryear"
    assert '"days":"11-30 休（劳动节）"' in entry.body


def test_change_of_the_calendar_is_for_those_who_may(loaded: None, people: SimpleNamespace) -> None:
    for person in (people.bureau_reviewer, people.town_officer, people.system_admin):
        with pytest.raises(Denied):
            mark(1, date(2026, 11, 30), actor=person.actor)
    assert mark(1, date(2026, 11, 30), actor=people.bureau_officer.actor).made_as == "县住建局 · 房管所经办"


def test_look_at_the_calendar_is_for_those_who_may(loaded: None, people: SimpleNamespace) -> None:
    assert years_known(people.department_officer.actor) == [(2024, False), (2025, False), (2026, False)]
    assert versions_of(people.town_officer.actor, 2026).count() == 1
    assert years_known(people.company_admin.actor) == []
    assert not versions_of(people.chair.actor, 2026).exists()


@pytest.mark.parametrize("table", ["base_calendaryear", "base_calendarday", "base_calendarhours"])
@pytest.mark.parametrize("change", ["update {} set cite = 'x'", "delete from {}", "truncate {} cascade"])
def test_database_changes_no_version(loaded: None, table: str, change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_database_confirms_no_year_without_the_regions_days(loaded: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarYear.objects.create(
            year=2030, version=1, confirmed=True, region_known=False, cite="", made_as="", made_at=NOW
        )
    assert not CalendarDay.objects.filter(edition__year=2030).exists()
