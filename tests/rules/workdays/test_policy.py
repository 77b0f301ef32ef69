"""`calendar.toml` as it ships, and what keeps one from being used."""

from datetime import date

import pytest

from anju.rules.policy_faults import PolicyFaults, sentence
from anju.rules.workdays.policy import parse_calendar
from anju.rules.workdays.years import Mark, PublishedDay, Scope
from tests.rules.workdays.tables import policy_of

SMALL = """
version = 1
valid_from = 2024-10-30

[hours]
spans = ["08:00-12:00"]
cite = "示例"

[[year]]
year = 2026
region = "known"
cite = "示例"

[[year]]
year = 2027
region = "unset"
cite = "示例"

[[days]]
year = 2026
mark = "off"
scope = "national"
name = "元旦"
first = 2026-01-01
last = 2026-01-03
cite = "示例"

[[days]]
year = 2026
mark = "work"
scope = "national"
name = "元旦"
first = 2026-01-04
cite = "示例"

[[days]]
year = 2026
mark = "off"
scope = "region"
name = "三月三"
first = 2026-01-04
cite = "示例"
"""


def faults_of(content: str | bytes) -> list[tuple[str, int]]:
    with pytest.raises(PolicyFaults) as caught:
        parse_calendar({"calendar.toml": content})
    assert all(sentence(fault) for fault in caught.value.faults)
    return [(fault.code, fault.line) for fault in caught.value.faults]


def test_read_calendar_of_the_county_with_what_is_not_known() -> None:
    years = {one.year: one for one in policy_of("zhongshan-2024").years}
    assert {year: one.region_known for year, one in years.items()} == {2024: True, 2025: True, 2026: False}
    assert "未见原文" in years[2026].note
    assert [day.day for day in years[2024].days if day.scope == Scope.REGION] == [date(2024, 4, 11), date(2024, 4, 12)]
    assert [day.day for day in years[2025].days if day.scope == Scope.REGION] == [date(2025, 3, 31), date(2025, 4, 1)]


def test_read_calendar_whose_hours_the_county_has_still_to_set() -> None:
    for policy in ("demo", "zhongshan-2024"):
        found = policy_of(policy)
        assert (found.hours.texts, found.hours.cite) == (("08:00-12:00", "15:00-18:00"), "示例·需本县核定")
        assert all(day.cite for one in found.years for day in one.days)


def test_read_calendar_day_by_day() -> None:
    first, second = parse_calendar({"calendar.toml": "\ufeff" + SMALL}).years
    assert (second.year, second.region_known, second.days, second.note) == (2027, False, (), "")
    assert [(day.day.day, day.mark, day.scope) for day in first.days] == [
        (1, Mark.OFF, Scope.NATIONAL),
        (2, Mark.OFF, Scope.NATIONAL),
        (3, Mark.OFF, Scope.NATIONAL),
        (4, Mark.WORK, Scope.NATIONAL),
        (4, Mark.OFF, Scope.REGION),
    ]
    assert first.days[0] == PublishedDay(date(2026, 1, 1), Mark.OFF, Scope.NATIONAL, "元旦", "示例")


WRONG = [
    ('spans = ["08:00-12:00"]', 'spans = ["12:00-08:00"]', "bad_hours", 6),
    ("[hours]", "hours = 1\n[other]", "wrong_type", 5),
    ('cite = "示例"\n\n[[year]]', "\n[[year]]", "missing_key", 5),
    ("year = 2027", "year = 2026", "repeated_code", 15),
    ('region = "known"', 'region = "maybe"', "unknown_choice", 11),
    ('region = "known"', 'region = "unset"', "region_unset", 39),
    ("last = 2026-01-03", "last = 2025-12-30", "dates_reversed", 25),
    ("last = 2026-01-03", "last = 2026-02-01", "too_many_days", 25),
    ("first = 2026-01-01", "first = 2025-12-28", "day_of_another_year", 24),
    ("first = 2026-01-04\ncite", "first = 2026-01-05\ncite", "worked_weekday", 30),
    ("year = 2026\nmark", "year = 2030\nmark", "unknown_choice", 20),
    ("first = 2026-01-04\ncite", "first = 2026-01-03\ncite", "day_twice", 33),
    ("version = 1", "version = ", "syntax", 2),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), WRONG)
def test_refuse_calendar_with_a_fault(old: str, new: str, code: str, line: int) -> None:
    assert old in SMALL
    assert (code, line) in faults_of(SMALL.replace(old, new, 1))


def test_read_calendar_with_a_day_of_the_december_before() -> None:
    moved = SMALL.replace("first = 2026-01-01", "first = 2025-12-31", 1)
    assert parse_calendar({"calendar.toml": moved}).years[0].days[0].day == date(2025, 12, 31)


def test_refuse_calendar_in_another_encoding_or_none() -> None:
    assert faults_of("日历".encode("gb18030")) == [("not_utf8", 1)]
    with pytest.raises(PolicyFaults) as caught:
        parse_calendar({})
    assert [fault.code for fault in caught.value.faults] == ["missing_file"]
